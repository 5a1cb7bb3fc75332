// Smooth edges: a picture drawn with several samples a pixel, and then put on the canvas.
//
// The canvas itself has one sample a pixel, so that a slow graphics processor, or none at all, can do without.
import { Camera, Mesh, PlaneGeometry, ShaderMaterial, Vector2, WebGLRenderTarget } from "three";

const SAMPLES = 4;

export function createSmooth(renderer) {
  const target = new WebGLRenderTarget(1, 1, { samples: SAMPLES });
  const copy = new ShaderMaterial({
    vertexShader: "out vec2 at; void main() { at = uv; gl_Position = vec4(2.0 * position.xy, 0.0, 1.0); }",
    fragmentShader: "uniform sampler2D image; in vec2 at; void main() { gl_FragColor = texture(image, at); }",
    uniforms: { image: { value: target.texture } },
    depthTest: false,
    depthWrite: false,
  });
  const screen = new Mesh(new PlaneGeometry(1, 1), copy);
  screen.frustumCulled = false;
  const size = new Vector2();

  return {
    /** Draws as `draw()` does, which has to clear and render, but smoothly; returns how many milliseconds it took. */
    render(draw) {
      const begun = performance.now();
      renderer.getDrawingBufferSize(size);
      target.setSize(size.x, size.y);
      renderer.setRenderTarget(target);
      draw();
      renderer.setRenderTarget(null);
      renderer.render(screen, new Camera());
      const context = renderer.getContext();
      context.readPixels(0, 0, 1, 1, context.RGBA, context.UNSIGNED_BYTE, new Uint8Array(4));  // waits for the picture
      return performance.now() - begun;
    },
    dispose() {
      for (const one of [target, copy, screen.geometry]) one.dispose();
    },
  };
}
