"""Đối chiếu dân cư: the records whose personal ID is missing or wrong, which the commune police verify (CV 2513/LĐTBXH-TTTT).

For the commune and the office that gets its reports. Confidential: NĐ 56/2017 Đ24.3, Đ33. Columns: app/workbooks/district.py.
"""

from flask_babel import lazy_gettext as _l

from app.workbooks import Brief, Sheet, Variant
from app.workbooks.district import FOR_THE_POLICE, check_table

TITLE = _l("Danh sách cần đối chiếu dân cư")
HOLDS = _l("Trẻ em thiếu hoặc sai số định danh, để công an xã xác minh")
VARIANTS = (Variant.CODED, Variant.NAMED)
FILE_NAME = "doi-chieu-dan-cu"


def sheets(brief: Brief) -> list[Sheet]:
    """One list, with room for what the police find."""
    return [check_table(brief, FOR_THE_POLICE)]
