"""Nine broad sectors, and how the finer ones of the sources fall into them.

ICIO by sector has 27 goods sectors and one of services; the technology tables have 50 sectors, of
which the first 22 are goods. A *class* is the finest cut that both know.
"""

from dataclasses import dataclass

SERVICES = "services"


@dataclass(frozen=True)
class Sector:
    """A broad sector: its id, names in English and Japanese, and its classes."""

    id: str
    en: str
    ja: str
    classes: tuple[str, ...]


SECTORS = (
    Sector("food", "Food and agriculture", "食料・農業", ("A01", "A02", "A03", "C10T12")),
    Sector("energy", "Energy and mining", "エネルギー・鉱業", ("B", "C19")),
    Sector("chemicals", "Chemicals", "化学", ("C20", "C21", "C22")),
    Sector("metals", "Metals", "金属", ("C24", "C25")),
    Sector("electronics", "Electronics and semiconductors", "電子・半導体", ("C26",)),
    Sector("machinery", "Machinery", "機械", ("C27", "C28")),
    Sector("vehicles", "Vehicles", "輸送機械", ("C29", "C30")),
    Sector(
        "other_goods", "Other goods", "その他の財", ("C13T15", "C16", "C17_18", "C23", "C31T33")
    ),
    Sector(SERVICES, "Services", "サービス", (SERVICES,)),
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
