// The picture: renderer, camera, and one shape; drawn only when something has changed.
import { Color, Matrix3, Mesh, PerspectiveCamera, Points, Scene, Vector3, WebGLRenderer } from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { atomBoxes, createGeometry, unite } from "./geometry.js";
import { createLooks } from "./looks.js";
import { createMaterials } from "./materials.js";
import { createPicker } from "./pick.js";
import { createShadow } from "./shadow.js";
import { createSmooth } from "./smooth.js";

const FROM = [0.62, 0.42, 1];
/** Share of the height by which the shape stands above the middle, since the slider is below. */
const RAISED = 0.03;
/** Share of the picture that the shape may fill. */
const FILLED = 0.78;
/** Milliseconds that a smooth picture may take; where it takes longer, edges are rough while anything moves. */
const QUICK = 40;
/** Milliseconds without a change after which nothing moves any more. */
const STILL = 150;

/** A stage on a canvas; throws where there is no WebGL. `onDraw` is called after each picture. */
export function createStage(canvas, onDraw) {
  const renderer = new WebGLRenderer({ canvas });
  renderer.autoClear = false;
  const scene = new Scene();
  const camera = new PerspectiveCamera(26, 1, 0.02, 60);
  const controls = new OrbitControls(camera, canvas);
  Object.assign(controls, { zoomToCursor: true, minDistance: 0.1, maxDistance: 25 });
  controls.enableDamping = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  controls.dampingFactor = 0.12;
  const shadow = createShadow(renderer);
  scene.add(shadow.plane);
  const smooth = createSmooth(renderer);
  const picker = createPicker(renderer);
  const background = new Color();
  let drawable = null;
  let size = [1, 1];
  let frame = 0;
  let shadowStale = true;
  let slow = false;
  let settling = 0;

  function draw(rough = slow) {
    frame = 0;
    clearTimeout(settling);
    controls.update();
    if (drawable && shadowStale) shadow.update(drawable, bounds());
    shadowStale = false;
    renderer.setClearColor(background, 1);  // before there is a target, so that it is as on the canvas
    if (rough) {
      render();
      settling = setTimeout(() => draw(false), STILL);
    } else {
      slow = smooth.render(render) > QUICK;
    }
    canvas.dataset.edges = rough ? "rough" : "smooth";
    onDraw();
  }

  function render() {
    renderer.clear();
    renderer.render(scene, camera);
  }

  const invalidate = () => { frame ||= requestAnimationFrame(() => draw()); };

  /** Box of the shown atoms in the scene, where they are now; of all if none is shown. */
  function bounds() {
    const { boxes, moved, hidden } = drawable;
    const shown = boxes.map((_, atom) => atom).filter((atom) => !hidden.has(atom));
    const places = (shown.length ? shown : boxes.map((_, atom) => atom)).map((atom) => {
      const offset = [...moved[atom], ...moved[atom]];
      return boxes[atom].map((value, i) => value + offset[i]);
    });
    return turnedBox(unite(places), drawable.object.matrix);
  }

  /** Makes a change after which the shape fills as much of the picture as before. */
  function keepFraming(change) {
    const before = drawable && distanceFor(bounds(), camera);
    change();
    if (!drawable) return;
    const factor = distanceFor(bounds(), camera) / before;
    camera.position.sub(controls.target).multiplyScalar(factor).add(controls.target);
  }

  function fit() {
    if (!drawable) return;
    const box = bounds();
    controls.target.set(...[0, 1, 2].map((axis) => (box[axis] + box[axis + 3]) / 2));
    const distance = distanceFor(box, camera);
    camera.position.set(...FROM).setLength(distance).add(controls.target);
    invalidate();
  }

  controls.addEventListener("change", () => {
    picker.expire();
    invalidate();
  });

  canvas.addEventListener("webglcontextrestored", () => {
    shadowStale = true;
    picker.expire();
    invalidate();
  });

  return {
    controls,
    invalidate,
    fit,
    /** Replaces the shape; looks are then written to `drawable.looks`. */
    setShape(data, model) {
      drawable?.dispose();
      drawable = createDrawable(data, model);
      scene.add(drawable.object);
      drawable.materials.seen.uniforms.background.value = background;
      this.resize(...size);
      return drawable;
    },
    /** To be called after atoms have moved, when the camera goes along, or have been hidden or shown. */
    placed(moved, hidden) {
      const stays = hidden !== drawable.hidden;
      const place = () => Object.assign(drawable, { moved, hidden });
      if (stays) place();
      else keepFraming(place);
      shadowStale = true;
      picker.expire();
      invalidate();
    },
    setBackground(css, shadowStrength) {
      background.set(css);
      shadow.setStrength(shadowStrength);
      invalidate();
    },
    resize(width, height) {
      size = [width, height];
      if (!width || !height) return;
      renderer.setPixelRatio(Math.min(2, devicePixelRatio));
      renderer.setSize(width, height, false);
      keepFraming(() => { camera.aspect = width / height; });
      camera.setViewOffset(width, height, 0, RAISED * height, width, height);
      if (drawable) drawable.materials.seen.uniforms.pixels.value = height * renderer.getPixelRatio();
      picker.expire();
      draw();
    },
    pick: (x, y) => (drawable ? picker.at(drawable, camera, [x, y], size) : null),
    /** A PNG of the picture as a Blob. */
    picture() {
      draw(false);
      return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
    },
    dispose() {
      cancelAnimationFrame(frame);
      clearTimeout(settling);
      drawable?.dispose();
      for (const one of [controls, shadow, smooth, picker, renderer]) one.dispose();
      renderer.forceContextLoss();  // browsers give a page but a few contexts
    },
  };
}

function createDrawable(data, model) {
  const geometry = createGeometry(data, model);
  const looks = createLooks(model.atomCount);
  const cloud = !data.indices;
  const materials = createMaterials(looks, cloud, cloud ? 2.4 / Math.sqrt(data.count) : 0);
  const object = new (cloud ? Points : Mesh)(geometry, materials.seen);
  object.frustumCulled = false;
  object.matrixAutoUpdate = false;
  object.matrix.setFromMatrix3(new Matrix3().set(...data.upright));
  const boxes = atomBoxes(geometry, model.atomCount);
  return {
    object,
    looks,
    materials,
    boxes,
    moved: boxes.map(() => [0, 0, 0]),
    hidden: new Set(),
    dispose() {
      object.removeFromParent();
      for (const one of [geometry, looks.texture, ...Object.values(materials)]) one.dispose();
    },
  };
}

/** The box after a rotation that takes axes to axes. */
function turnedBox(box, matrix) {
  const turn = (corner) => new Vector3(...corner).applyMatrix4(matrix).toArray();
  const [one, other] = [turn(box.slice(0, 3)), turn(box.slice(3))];
  return [...one.map((value, i) => Math.min(value, other[i])), ...one.map((value, i) => Math.max(value, other[i]))];
}

/** From how far, in the direction FROM, the camera sees a whole box. */
function distanceFor(box, camera) {
  const towards = new Vector3(...FROM).normalize();
  const right = new Vector3(0, 1, 0).cross(towards).normalize();
  const up = towards.clone().cross(right);
  const half = FILLED * Math.tan((camera.fov * Math.PI) / 360);
  const distances = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) => {
    const side = (axis) => ((corner >> axis) & 1 ? 0.5 : -0.5) * (box[axis + 3] - box[axis]);
    const at = new Vector3(side(0), side(1), side(2));
    const across = Math.max(Math.abs(at.dot(right)) / camera.aspect, Math.abs(at.dot(up)));
    return at.dot(towards) + across / half;
  });
  return Math.max(0.05, ...distances);
}
