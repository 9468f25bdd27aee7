"""A stand-in of Renault's login service and car API, for tests and for people who want to try delcia without a car."""
