// The contrast of each text in the calculator with its ground, and of a field's border (WCAG 2).
() => {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => channels(colour).slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => {
    const colour = e ? getComputedStyle(e).backgroundColor : "rgb(255, 255, 255)";
    return channels(colour)[3] === 0 ? ground(e.parentElement) : colour;
  };
  const ratio = (one, two) => {
    const [dark, bright] = [light(one), light(two)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const written = (e) => e.value || [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const texts = [...document.querySelectorAll(".calculator *")]
    .filter((e) => e.checkVisibility() && written(e))
    .map((e) => [e.value || e.textContent, ratio(getComputedStyle(e).color, ground(e))]);
  const input = document.querySelector(".calculator input");
  return { texts, border: ratio(getComputedStyle(input).borderColor, ground(input.parentElement)) };
}
