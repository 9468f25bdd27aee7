# BEGIN delcia: edit the plans, not these lines
# X-Delcia: unit=crontab zone=Europe/Paris sha256=22a7046abe119d9d6cb1cf1a46240a84029ddc3a62e387134ba380815409dfca
# The clock of cron is Europe/Paris. A line may run once too often: what to do is decided by clock, plans and car.
#
# X-Delcia: plan=nights vehicle=spring source=home.yaml
# off-peak of edf, ready by 07:00
# start 01:38 Europe/Paris (in months in which a clock changes)
38	0	*	3-4,10-11	*	delcia	/opt/delcia/bin/delcia charge nights --scheduled --cron 2>&1 | /usr/bin/logger -t delcia
# start 01:38 Europe/Paris; end 06:38 Europe/Paris; start 12:38 Europe/Paris; end 14:38 Europe/Paris
38	1,6,12,14	*	*	*	delcia	/opt/delcia/bin/delcia charge nights --scheduled --cron 2>&1 | /usr/bin/logger -t delcia
# start 01:38 Europe/Paris; end 06:38 Europe/Paris; start 12:38 Europe/Paris; end 14:38 Europe/Paris (in months in which a clock changes)
38	2,5,7,11,13,15	*	3,10	*	delcia	/opt/delcia/bin/delcia charge nights --scheduled --cron 2>&1 | /usr/bin/logger -t delcia
# ready by 07:00 Europe/Paris (in months in which a clock changes)
0	6,8	*	3,10	*	delcia	/opt/delcia/bin/delcia charge nights --scheduled --cron 2>&1 | /usr/bin/logger -t delcia
# ready by 07:00 Europe/Paris
0	7	*	*	*	delcia	/opt/delcia/bin/delcia charge nights --scheduled --cron 2>&1 | /usr/bin/logger -t delcia
# start 01:38 Europe/Paris (the hour that the clock repeats)
38	*	*	10	0	delcia	/opt/delcia/bin/delcia charge nights --scheduled --cron 2>&1 | /usr/bin/logger -t delcia
#
# Every 5 minutes: confirm, try again, plugged in late, target reached, hold; and what cron missed while it was off.
*/5	*	*	*	*	delcia	/opt/delcia/bin/delcia charge --all --scheduled --cron 2>&1 | /usr/bin/logger -t delcia
# END delcia
