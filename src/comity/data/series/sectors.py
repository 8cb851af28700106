"""Nine broad sectors, and how the finer ones of the sources fall into them.

ICIO by sector has 27 goods sectors and one of services; the technology tables have 50 sectors, of
which the first 22 are goods. A *class* is the finest cut that both know.
"""

from dataclasses import dataclass

from comity.core.words import Lang, words

SERVICES = "services"


@dataclass(frozen=True)
class Sector:
    """A broad sector: its id and its classes."""

    id: str
    classes: tuple[str, ...]

    def name(self, lang: Lang) -> str:
        """Name in a language."""
        return words("comity.data.series")[f"sector.{self.id}"][lang]


SECTORS = (
    Sector("food", ("A01", "A02", "A03", "C10T12")),
    Sector("energy", ("B", "C19")),
    Sector("chemicals", ("C20", "C21", "C22")),
    Sector("metals", ("C24", "C25")),
    Sector("electronics", ("C26",)),
    Sector("machinery", ("C27", "C28")),
    Sector("vehicles", ("C29", "C30")),
    Sector("other_goods", ("C13T15", "C16", "C17_18", "C23", "C31T33")),
    Sector(SERVICES, (SERVICES,)),
)
IDS = tuple(one.id for one in SECTORS)
GOODS = IDS[:-1]

# Finer ICIO sectors than the technology tables know; the others are classes themselves.
CLASS_OF_ICIO = {
    **{f"B0{digit}": "B" for digit in range(5, 10)},
    "C24A": "C24",
    "C24B": "C24",
    "C301": "C30",
    "C302T309": "C30",
    "Services (aggregate)": SERVICES,
}
# Technology sectors (WIOD 2016 as KITE numbers them) to classes; 23 to 50 are services.
CLASS_OF_KITE = {
    "C01": "A01",
    "C02": "A02",
    "C03": "A03",
    "C04": "B",
    "C05": "C10T12",
    "C06": "C13T15",
    "C07": "C16",
    "C08": "C17_18",
    "C09": "C17_18",
    "C10": "C19",
    "C11": "C20",
    "C12": "C21",
    "C13": "C22",
    "C14": "C23",
    "C15": "C24",
    "C16": "C25",
    "C17": "C26",
    "C18": "C27",
    "C19": "C28",
    "C20": "C29",
    "C21": "C30",
    "C22": "C31T33",
} | {f"C{number}": SERVICES for number in range(23, 51)}
BROAD_OF_CLASS = {name: one.id for one in SECTORS for name in one.classes}


def class_of(icio: str) -> str:
    """Return the class of an ICIO sector."""
    return CLASS_OF_ICIO.get(icio, icio)


def broad_of(icio: str) -> str:
    """Return the broad sector of an ICIO sector."""
    return BROAD_OF_CLASS[class_of(icio)]
