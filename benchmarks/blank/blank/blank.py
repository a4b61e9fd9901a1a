"""What a Reflex app weighs and costs before anybody has written anything, and a bare counter."""

import reflex as rx


class Counter(rx.State):
    """One number."""

    count: rx.Field[int] = rx.field(default=0)

    @rx.event
    def increase(self) -> None:
        """Add one."""
        self.count += 1


def index() -> rx.Component:
    """The welcome page of the template: a heading, a text, a link that looks like a button."""
    return rx.container(
        rx.color_mode.button(position="top-right"),
        rx.vstack(
            rx.heading("Welcome to Reflex!", size="9"),
            rx.text("Get started by editing ", rx.code("blank/blank.py"), size="5"),
            rx.link(rx.button("Check out our docs!"), href="https://reflex.dev/docs/", is_external=True),
            spacing="5",
            justify="center",
            min_height="85vh",
        ),
    )


def counter() -> rx.Component:
    """The smallest page with an event."""
    return rx.el.main(
        rx.el.button("Increase", id="increase", on_click=Counter.increase),
        rx.el.output(Counter.count, id="count"),
    )


app = rx.App()
app.add_page(index)
app.add_page(counter, route="/counter")
