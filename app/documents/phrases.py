"""Phrases that several templates share."""

CHAIR = "Chủ tịch UBND {{ commune.name }}"
WORKER = "NGƯỜI LÀM CÔNG TÁC\nBẢO VỆ TRẺ EM"
TO_CHAIR = (f"{CHAIR};", "Lưu: VT, hồ sơ {{ paper.case_number }}.")
LAWS = (
    "Căn cứ Luật Trẻ em số 102/2016/QH13;",
    "Căn cứ Nghị định số 56/2017/NĐ-CP ngày 09 tháng 5 năm 2017 của Chính phủ quy định chi tiết một số điều của "
    "Luật Trẻ em;",
)
