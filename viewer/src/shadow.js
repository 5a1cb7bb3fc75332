// A soft shadow on the ground: the shape as seen from below, darker where it is nearer to the ground, blurred.
import {
  Mesh, MeshBasicMaterial, OrthographicCamera, PlaneGeometry, ShaderMaterial, WebGLRenderTarget,
} from "three";

const SIZE = 256;
const MARGIN = 1.5;

const BLUR = `
uniform sampler2D image;
uniform vec2 direction;
in vec2 at;
void main() {
  float sum = 0.0;
  float weights = 0.0;
  for (int i = -10; i <= 10; i++) {
    float weight = exp(-0.02 * float(i * i));
    sum += weight * texture(image, at + float(i) * direction).a;
    weights += weight;
  }
  gl_FragColor = vec4(0.0, 0.0, 0.0, sum / weights);
}`;

export function createShadow(renderer) {
  const targets = [new WebGLRenderTarget(SIZE, SIZE), new WebGLRenderTarget(SIZE, SIZE)];
  const camera = new OrthographicCamera(-1, 1, 1, -1, 0, 10);
  const blur = new ShaderMaterial({
    vertexShader: "out vec2 at; void main() { at = uv; gl_Position = vec4(2.0 * uv - 1.0, 0.0, 1.0); }",
    fragmentShader: BLUR,
    uniforms: { image: { value: null }, direction: { value: [0, 0] } },
    depthTest: false,
  });
  const screen = new Mesh(new PlaneGeometry(1, 1), blur);
  screen.frustumCulled = false;
  const material = new MeshBasicMaterial({ map: targets[0].texture, transparent: true, depthWrite: false });
  const plane = new Mesh(new PlaneGeometry(1, 1), material);
  plane.rotation.x = -Math.PI / 2;

  function drawInto(target, what) {
    renderer.setRenderTarget(target);
    renderer.setClearColor(0, 0);
    renderer.clear();
    renderer.render(what, camera);
    renderer.setRenderTarget(null);
  }

  function smooth(from, to, direction) {
    blur.uniforms.image.value = targets[from].texture;
    blur.uniforms.direction.value = direction;
    drawInto(targets[to], screen);
  }

  return {
    plane,
    /** Draws the shadow anew; `box` is that of what is shown, in the scene. */
    update({ object, materials }, box) {
      const [x, z] = [(box[0] + box[3]) / 2, (box[2] + box[5]) / 2];
      const side = MARGIN * Math.max(box[3] - box[0], box[5] - box[2], 0.2);
      const height = Math.max(box[4] - box[1], 0.01);
      plane.position.set(x, box[1] - 0.004, z);
      plane.scale.setScalar(side);
      Object.assign(camera, { left: -side / 2, right: side / 2, top: side / 2, bottom: -side / 2, far: height + 0.02 });
      camera.position.set(x, box[1] - 0.01, z);
      camera.up.set(0, 0, 1);
      camera.lookAt(x, box[4], z);
      camera.updateProjectionMatrix();
      const own = object.material;
      object.material = materials.shade;
      materials.shade.uniforms.pixels.value = SIZE;
      materials.shade.uniforms.reach.value = 0.35 * Math.max(height, 0.5 * side);
      drawInto(targets[0], object);
      object.material = own;
      for (const step of [1.2, 0.6]) {
        smooth(0, 1, [step / SIZE, 0]);
        smooth(1, 0, [0, step / SIZE]);
      }
    },
    setStrength(opacity) { material.opacity = opacity; },
    dispose() {
      for (const one of [...targets, material, blur, screen.geometry, plane.geometry]) one.dispose();
    },
  };
}
