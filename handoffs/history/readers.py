"""From the bytes of a history to its rows: the mapped columns of one event at a time. No ORM.

A reader yields `(line, values)`, one value for each of `Mapping.columns`, or a `Refused` for a row that
cannot be one. What makes the whole file useless is raised as Unreadable.
"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.expatreader import create_parser  # type: ignore[import-untyped]

from handoffs.history.errors import Unreadable
from handoffs.history.mapping import Mapping

CHUNK = 1 << 16
# How XES attributes that hold one value are written; lists and containers hold others.
ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id"})
CASE = "case:"


class Refused(NamedTuple):
    """A row that is not imported: on which line of the file it begins, and why."""

    line: int
    why: str


Row = tuple[int, tuple[str, ...]]


def rows(stream: IO[bytes], mapping: Mapping) -> Iterator[Row | Refused]:
    """Yield the rows of a history. Raises Unreadable."""
    return (_read_csv if mapping.format == "csv" else _read_xes)(stream, mapping)


def _read_csv(stream: IO[bytes], mapping: Mapping) -> Iterator[Row | Refused]:
    reader = csv.reader(io.TextIOWrapper(stream, mapping.encoding, newline=""), delimiter=mapping.delimiter)
    try:
        header = next(reader, [])
        places = _places(header, mapping.columns)
        begins = reader.line_num + 1
        while True:
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Refused(begins, f"not CSV: {error}")
            else:
                if len(fields) == len(header):
                    fields.append("")
                    yield begins, tuple([fields[place] for place in places])
                elif fields:
                    yield Refused(begins, f"{len(fields)} columns where the header has {len(header)}")
            begins = reader.line_num + 1
    except UnicodeError as error:
        raise Unreadable(
            f"The file is not {mapping.encoding} after line {reader.line_num} ({error}): "
            'save it as UTF-8, or name its encoding in the mapping, such as encoding = "cp1252".'
        ) from error


def _places(header: list[str], columns: tuple[str, ...]) -> list[int]:
    if not header:
        raise Unreadable("The file is empty: its first line must name the columns.")
    for column in columns:
        if column and header.count(column) != 1:
            found = "twice" if column in header else "not"
            raise Unreadable(
                f"The column “{column}” of the mapping is {found} in the file, which has: {', '.join(header)}."
            )
    # A column that the history does not have is the last, to which the reader adds "".
    return [header.index(column) if column else -1 for column in columns]


def _read_xes(stream: IO[bytes], mapping: Mapping) -> Iterator[Row | Refused]:
    parser = create_parser()
    log = _Log(parser.getLineNumber)
    parser.setContentHandler(log)
    # Some tools write a trace's attributes with this prefix; the case is always one of those.
    case = CASE + mapping.case.removeprefix(CASE)
    wanted = (case, *mapping.columns[1:])
    try:
        while chunk := stream.read(CHUNK):
            parser.feed(chunk)
            for line, event in log.take():
                yield line, tuple([event.get(column, "") for column in wanted])
        parser.close()
    except SAXParseException as error:
        raise Unreadable(f"The file is not XML at line {error.getLineNumber()}: {error.getMessage()}.") from error
    except DefusedXmlException as error:
        raise Unreadable("The file defines XML entities, which no log needs: export it without them.") from error
    missing = [column for column in wanted if column and column not in log.seen]
    if missing:
        raise Unreadable(
            f"No event of the file has “{missing[0]}”, which the mapping names; "
            f"what there is: {', '.join(sorted(log.seen)) or 'nothing'}."
        )


class _Log(ContentHandler):
    """Collects the events of a log while the parser reads it, each with the attributes of its trace."""

    def __init__(self, line: Callable[[], int]) -> None:
        super().__init__()
        self._line = line
        self.seen: set[str] = set()
        self._done: list[tuple[int, dict[str, str]]] = []
        self._path: list[str] = []
        self._trace: dict[str, str] = {}
        self._events: list[tuple[int, dict[str, str]]] = []

    def take(self) -> list[tuple[int, dict[str, str]]]:
        """Return the events of the traces that have ended since the last call."""
        done, self._done = self._done, []
        return done

    def startElement(self, name: str, attributes: AttributesImpl) -> None:  # noqa: N802 - SAX's name
        """Begin a trace or an event, or take an attribute of one (not those nested in another attribute)."""
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        if name == "trace":
            self._trace, self._events = {}, []
        elif name == "event" and parent == "trace":
            self._events.append((self._line(), {}))
        elif name in ATTRIBUTES and parent in ("trace", "event"):
            key, value = attributes.get("key", ""), attributes.get("value", "")
            if parent == "trace":
                self._trace[CASE + key] = value
            elif self._events:
                self._events[-1][1][key] = value

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX's name
        """End a trace: only now are all of its attributes known."""
        self._path.pop()
        if name == "trace":
            for line, event in self._events:
                event.update(self._trace)
                self.seen.update(event)
                self._done.append((line, event))
