# BEGIN delcia: delcia sync --enable writes these lines
# X-Delcia: unit=sync sha256=f3ac58951de7474beabacdcf6f956ff969af06491390d0e2b9908dd60bc3fb90
# Every 15 min: look at the plans of ssh://example.org/plans.git (main), as the user delcia-sync, and apply what is new.
*/15	*	*	*	*	root	/opt/delcia/bin/delcia sync --now --scheduled 2>&1 | /usr/bin/logger -t delcia
# END delcia
