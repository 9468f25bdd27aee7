"""Schedule to artifacts: unit files, and the JSON that `charge` reads."""
