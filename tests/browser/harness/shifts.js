// Layout shifts for a browser that does not report them, summed as the others do: the part of the view that what
// moved was and is in, times how far it moved. What a press moves within half a second is no shift.
if (!PerformanceObserver.supportedEntryTypes.includes('layout-shift')) {
  const CELL = 10;
  const places = new WeakMap();
  let pressed = -Infinity;
  window.shifted = 0;
  for (const kind of ['pointerdown', 'keydown']) {
    addEventListener(kind, ({ timeStamp }) => { pressed = timeStamp; }, true);
  }
  const look = () => {
    const [columns, rows] = [Math.ceil(innerWidth / CELL), Math.ceil(innerHeight / CELL)];
    const cells = new Set();
    let far = 0;
    const cover = (x, y, width, height) => {
      const from = Math.max(0, Math.floor(x / CELL)), to = Math.min(columns, Math.ceil((x + width) / CELL));
      const top = Math.max(0, Math.floor(y / CELL)), bottom = Math.min(rows, Math.ceil((y + height) / CELL));
      for (let row = top; row < bottom; row += 1) {
        for (let column = from; column < to; column += 1) cells.add(row * columns + column);
      }
      return from < to && top < bottom;
    };
    for (const one of document.body?.querySelectorAll('*') ?? []) {
      const { left, top, width, height } = one.getBoundingClientRect();
      const before = places.get(one);
      const now = [left + scrollX, top + scrollY, width, height];
      places.set(one, now);
      if (!before || !width || !height || !before[2] || !before[3]) continue;
      const distance = Math.max(Math.abs(now[0] - before[0]), Math.abs(now[1] - before[1]));
      if (distance < 3) continue;
      const seen = [before, now].map(([x, y, w, h]) => cover(x - scrollX, y - scrollY, w, h));
      if (seen.includes(true)) far = Math.max(far, distance);
    }
    if (performance.now() - pressed > 500) {
      window.shifted += (cells.size / (columns * rows)) * Math.min(1, far / Math.max(innerWidth, innerHeight));
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
