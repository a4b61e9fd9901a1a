"""What the points of one request count for."""

import pytest

from guance_portal.metering.categories import Category
from guance_portal.metering.counting import count
from guance_portal.metering.points import UnreadableError


def things(category: Category, body: str) -> int:
    return count(category, body.encode()).things


def quantity(category: Category, body: str) -> int:
    return count(category, body.encode()).quantity


def test_a_series_is_a_measurement_and_a_set_of_tags_in_any_order() -> None:
    assert things(Category("metric"), "cpu,a=1,b=2 f=1 1\ncpu,b=2,a=1 g=2 2\ncpu,a=1,b=2 f=3,g=4 3") == 1


def test_another_measurement_tag_or_value_is_another_series() -> None:
    assert things(Category("metric"), "cpu f=1\nmem f=1\ncpu,a=1 f=1\ncpu,a=2 f=1\ncpu,b=1 f=1\ncpu,a=1,b=1 f=1") == 6


def test_names_and_values_cannot_be_shifted_into_each_other() -> None:
    assert things(Category("metric"), "m,a=b\\,c\\=d f=1\nm,a=b,c=d f=1\nm\\,a=b,c=d f=1") == 3


def test_escapes_do_not_make_another_series() -> None:
    assert things(Category("metric"), 'm,a=x\\ y f=1\nm,a=x\\ y f="1"') == 1


@pytest.mark.parametrize(
    "category", [Category("logging"), Category("keyevent"), Category("security"), Category("dialtesting")]
)
def test_each_line_of_logs_events_checks_and_dial_tests_counts(category: Category) -> None:
    assert quantity(category, 'a message="x"\na message="x"\nb message="x\ny"') == 3


def test_a_trace_counts_once_by_its_id_as_tag_or_field() -> None:
    body = 'ddtrace,trace_id=a d=1\nddtrace trace_id="a"\nddtrace trace_id=7i\nddtrace,trace_id=7 d=1'
    assert things(Category("tracing"), body) == 2


def test_traces_that_differ_in_their_last_digit_are_two() -> None:
    body = "s trace_id=12345678901234567890\ns trace_id=12345678901234567891\ns trace_id=12345678901234567890"
    assert things(Category("tracing"), body) == 2


def test_a_span_without_a_trace_is_a_trace_of_its_own() -> None:
    assert things(Category("tracing"), "s d=1 1\ns d=1 2\ns d=2 1\ns,a=b d=1 1\ns d=1 1") == 4


def test_only_views_of_rum_are_page_views() -> None:
    assert quantity(Category("rum"), "view f=1\nresource f=1\naction f=1\nview f=1\nView f=1") == 2


def test_a_view_counts_once_by_its_id_and_by_itself_without_one() -> None:
    body = 'view,view_id=a f=1\nview view_id="a"\nview view_id=7\nview view_id=7.0\nview f=1\nview f=1\naction,view_id=b f=1'
    assert (things(Category("rum"), body), quantity(Category("rum"), body)) == (3, 2)


def test_a_host_counts_by_its_host_object_alone() -> None:
    body = "HOST,host=a f=1\nHOST,host=a f=2\nhost,name=b f=1\ndocker_containers,host=c f=1\nHOST f=1"
    assert things(Category("object"), body) == 2


@pytest.mark.parametrize(
    "category", [Category("network"), Category("profiling"), Category("custom_object"), Category("object_change")]
)
def test_categories_without_an_item_are_taken_uncounted(category: Category) -> None:
    batch = count(category, b"m,host=a f=1\nm,host=b f=1")
    assert (batch.points, batch.quantity, batch.seen) == (2, 0, b"")


def test_the_first_host_that_names_itself_is_remembered() -> None:
    assert count(Category("metric"), b"cpu f=1\ncpu,host=web-1 f=1\ncpu,host=web-2 f=1").host == "web-1"
    assert count(Category("logging"), b'nginx host="web-3",message="x"').host == "web-3"
    assert not count(Category("metric"), b"cpu f=1").host


def test_the_name_of_a_host_is_remembered_no_longer_than_a_tag_may_be() -> None:
    assert count(Category("metric"), f'cpu host="{"h" * 500_000}"'.encode()).host == "h" * 1024
    assert things(Category("object"), "".join(f'HOST host="{"h" * 2_000}{n}"\n' for n in range(3))) == 3


def test_one_bad_line_refuses_the_whole_body() -> None:
    with pytest.raises(UnreadableError, match="line 2"):
        count(Category("metric"), b"cpu f=1\nnonsense\ncpu f=2")
