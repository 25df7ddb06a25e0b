// Makes a photo small before it is sent. Where that fails the photo goes as it is; the server shrinks it as well.
const LONGEST = 2000;

const small = async (file) => {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const brush = canvas.getContext("2d");
  brush.fillStyle = "white";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
  return new File([blob], "giay-to.jpg", { type: "image/jpeg" });
};

export function start(box) {
  const told = document.createElement("p");
  told.className = "form-text";
  told.setAttribute("role", "status");
  box.after(told);
  const shrink = async () => {
    told.textContent = "";
    const file = box.files[0];
    if (!file || !file.type.startsWith("image/")) return;
    const made = await small(file).catch(() => null);
    if (!made || made.size >= file.size || box.files[0] !== file) return;
    const instead = new DataTransfer();
    instead.items.add(made);
    box.files = instead.files;
    const kB = (size) => Math.ceil(size / 1024).toLocaleString(document.documentElement.lang);
    told.textContent = box.dataset.done.replace("{before}", kB(file.size)).replace("{after}", kB(made.size));
  };
  box.addEventListener("change", shrink);
  shrink(); // what was chosen before this script came, on a slow line
}
