"""After a login: what was known by the login before is asked again."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from support.cli_home import cli_home
from support.home import at

from delcia.core.state import Whereabouts
from delcia.store.memory import memory_of, remember
from delcia.store.notices import open_notices, queue_notice
from delcia.store.opening import open_store


def test_after_a_login_the_first_hold_is_a_rehearsal_and_the_place_of_the_car_is_asked_again(tmp_path: Path) -> None:
    with cli_home(tmp_path) as house:
        house.move_in()
        house.live(at("Mon 18:05"))
        began = house.world.clock.now()
        with closing(open_store(house.paths.database)) as store:
            known = replace(memory_of(store, "spring"), start_heard_at=began, whereabouts=Whereabouts(began))
            remember(store, "spring", known)
            queue_notice(store, "spring", "home-unknown", "no home is known", began)

        assert house.delcia("login", "--home", "48.9,2.4").status == 0

        with closing(open_store(house.paths.database)) as store:
            memory = memory_of(store, "spring")
            assert (memory.start_heard_at, memory.whereabouts) == (None, None)
            assert memory.reading is not None, "what the car said is not forgotten"
            assert [notice.slug for notice in open_notices(store)] == []
