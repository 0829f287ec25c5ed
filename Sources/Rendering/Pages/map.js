"use strict";
// A heat map of all tokens of a page of attention.

/**
 * Draws the mean of some heads on a canvas.
 * `told(query, key, weight)` is called for the cell that is pointed at, `chosen(query)` for one that is clicked.
 */
function attentionMap(canvas, n, reads, told, chosen) {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let means = new Float32Array(0);

  /** Returns the greatest mean. */
  function paint(heads) {
    means = new Float32Array(n * n);
    for (const head of heads) {
      for (let query = 0; query < n; query++) {
        reads(head, query, (key, weight) => { means[query * n + key] += weight / heads.size; });
      }
    }
    const [side, greatest] = [Math.max(1, Math.floor(420 / n)), means.reduce((a, b) => Math.max(a, b), 0)];
    canvas.width = canvas.height = n;
    canvas.style.width = `${Math.min(n * side, 512)}px`;
    const [ground, ink] = dark.matches ? [[22, 24, 29], [104, 168, 240]] : [[255, 255, 255], [22, 62, 130]];
    const image = new ImageData(n, n);
    for (let cell = 0; cell < n * n; cell++) {
      const share = greatest > 0 ? Math.sqrt(means[cell] / greatest) : 0;
      for (let part = 0; part < 3; part++) image.data[4 * cell + part] = ground[part] + (ink[part] - ground[part]) * share;
      image.data[4 * cell + 3] = 255;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
    return greatest;
  }

  function cell(event) {
    const box = canvas.getBoundingClientRect();
    const place = (from, size, at) => Math.min(n - 1, Math.max(0, Math.floor(((at - from) / size) * n)));
    return [place(box.y, box.height, event.clientY), place(box.x, box.width, event.clientX)];
  }
  canvas.addEventListener("pointermove", (event) => {
    const [query, key] = cell(event);
    told(query, key, means[query * n + key]);
  });
  canvas.addEventListener("click", (event) => chosen(cell(event)[0]));
  return { paint, dark };
}
