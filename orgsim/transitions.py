"""The legal moves of a person, a post and a unit, as tables: (state, kind of event) to what follows.

What follows is a tuple of the states it may lead to, or the name of the rule that refuses.  The tables are what the
code executes, and what the reference pages print.  A post is *covered* when it has only acting holders.
"""

Table = dict[tuple[str, str], tuple[str, ...] | str]

PERSON: Table = {
    ("outside", "hire"): ("employed",),
    ("outside", "depart"): "not-employed",
    ("outside", "change-employment"): "not-employed",
    ("outside", "start-leave"): "not-employed",
    ("outside", "end-leave"): "not-employed",
    ("employed", "hire"): "already-employed",
    ("employed", "depart"): ("outside",),
    ("employed", "change-employment"): ("employed",),
    ("employed", "start-leave"): ("on leave",),
    ("employed", "end-leave"): "not-on-leave",
    ("on leave", "hire"): "already-employed",
    ("on leave", "depart"): ("outside",),
    ("on leave", "change-employment"): ("on leave",),
    ("on leave", "start-leave"): "already-on-leave",
    ("on leave", "end-leave"): ("employed",),
}

POST: Table = {
    ("unknown", "create-post"): ("vacant",),
    ("unknown", "change-post"): "unknown-post",
    ("unknown", "abolish-post"): "unknown-post",
    ("unknown", "appoint"): "unknown-post",
    ("unknown", "vacate"): "unknown-post",
    ("unknown", "report"): "unknown-post",
    ("abolished", "create-post"): ("vacant",),
    ("abolished", "change-post"): "post-is-abolished",
    ("abolished", "abolish-post"): "post-is-abolished",
    ("abolished", "appoint"): "post-is-abolished",
    ("abolished", "vacate"): "post-is-abolished",
    ("abolished", "report"): "post-is-abolished",
    ("vacant", "create-post"): "post-exists",
    ("vacant", "change-post"): ("vacant",),
    ("vacant", "abolish-post"): ("abolished",),
    ("vacant", "appoint"): ("covered", "partly held", "full"),
    ("vacant", "vacate"): "does-not-hold",
    ("vacant", "report"): ("vacant",),
    ("covered", "create-post"): "post-exists",
    ("covered", "change-post"): ("covered",),
    ("covered", "abolish-post"): "post-is-held",
    ("covered", "appoint"): ("covered", "partly held", "full"),
    ("covered", "vacate"): ("vacant", "covered"),
    ("covered", "report"): ("covered",),
    ("partly held", "create-post"): "post-exists",
    ("partly held", "change-post"): ("partly held", "full"),
    ("partly held", "abolish-post"): "post-is-held",
    ("partly held", "appoint"): ("partly held", "full"),
    ("partly held", "vacate"): ("vacant", "covered", "partly held"),
    ("partly held", "report"): ("partly held",),
    ("full", "create-post"): "post-exists",
    ("full", "change-post"): ("partly held", "full"),
    ("full", "abolish-post"): "post-is-held",
    ("full", "appoint"): ("full",),
    ("full", "vacate"): ("vacant", "covered", "partly held", "full"),
    ("full", "report"): ("full",),
}

UNIT: Table = {
    ("unknown", "open-unit"): ("open",),
    ("unknown", "change-unit"): "unknown-unit",
    ("unknown", "close-unit"): "unknown-unit",
    ("open", "open-unit"): "unit-exists",
    ("open", "change-unit"): ("open",),
    ("open", "close-unit"): ("closed",),
    ("closed", "open-unit"): ("open",),
    ("closed", "change-unit"): "unit-is-closed",
    ("closed", "close-unit"): "unit-is-closed",
}
