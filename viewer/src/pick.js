// Which atom is under the pointer: read from a picture of atom numbers, drawn anew only after the view has changed.
import { NearestFilter, WebGLRenderTarget } from "three";

const REACH = 4;
const SIZE = 2 * REACH + 1;

export function createPicker(renderer) {
  const target = new WebGLRenderTarget(1, 1, { minFilter: NearestFilter, magFilter: NearestFilter });
  const pixels = new Uint8Array(4 * SIZE * SIZE);
  let stale = true;

  function draw(object, materials, camera, width, height) {
    target.setSize(width, height);
    const material = object.material;
    object.material = materials.picked;
    materials.picked.uniforms.pixels.value = height;
    renderer.setRenderTarget(target);
    renderer.setClearColor(0, 0);
    renderer.clear();
    renderer.render(object, camera);
    renderer.setRenderTarget(null);
    object.material = material;
    stale = false;
  }

  return {
    expire() { stale = true; },
    /** Atom at a place in CSS pixels from the upper left, or null; the nearest one where there is none just there. */
    at({ object, materials }, camera, [x, y], [width, height]) {
      [width, height] = [Math.max(SIZE, Math.ceil(width)), Math.max(SIZE, Math.ceil(height))];
      if (stale) draw(object, materials, camera, width, height);
      const [column, row] = [Math.floor(x), height - 1 - Math.floor(y)];
      const left = Math.min(width - SIZE, Math.max(0, column - REACH));
      const bottom = Math.min(height - SIZE, Math.max(0, row - REACH));
      renderer.readRenderTargetPixels(target, left, bottom, SIZE, SIZE, pixels);
      return nearest(pixels, column - left, row - bottom);
    },
    dispose: () => target.dispose(),
  };
}

function nearest(pixels, column, row) {
  let best = null;
  let least = Infinity;
  for (let i = 0; i < SIZE * SIZE; i++) {
    const id = pixels[4 * i] + 256 * pixels[4 * i + 1] + 65536 * pixels[4 * i + 2];
    const distance = ((i % SIZE) - column) ** 2 + (Math.floor(i / SIZE) - row) ** 2;
    if (id && distance < least) [best, least] = [id - 1, distance];
  }
  return best;
}
