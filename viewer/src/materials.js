// How faces and points are drawn: to be seen, to be picked, and as seen from below for their shadow.
import { DoubleSide, ShaderMaterial } from "three";
import { ATOMS_PER_ROW } from "./looks.js";

const VERTEX = `
uniform sampler2D looks;
uniform float pointSize;  // in the space of the scene
uniform float pixels;  // of the height of the picture
in uint atom;
flat out vec4 vColour;
flat out uint vAtom;
out vec3 vNormal;
out vec3 vSeen;
void main() {
  ivec2 texel = ivec2(2 * (int(atom) % ${ATOMS_PER_ROW}), int(atom) / ${ATOMS_PER_ROW});
  vec4 place = texelFetch(looks, texel + ivec2(1, 0), 0);
  vColour = texelFetch(looks, texel, 0);
  vAtom = atom;
  vNormal = normalMatrix * normal;
  vec4 seen = modelViewMatrix * vec4(position + place.xyz, 1.0);
  vSeen = seen.xyz;
  gl_Position = place.w > 0.5 ? projectionMatrix * seen : vec4(2.0, 2.0, 2.0, 1.0);
  float depth = projectionMatrix[3][3] > 0.5 ? 1.0 : -seen.z;
  gl_PointSize = max(2.0, 0.5 * pixels * pointSize * projectionMatrix[1][1] / depth);
}`;

const ROUND = `
#ifdef ROUND
  vec2 fromCentre = 2.0 * gl_PointCoord - 1.0;
  if (dot(fromCentre, fromCentre) > 1.0) discard;
#endif`;

const SEEN = `
uniform vec3 background;
flat in vec4 vColour;
in vec3 vNormal;
in vec3 vSeen;
void main() {
  ${ROUND}
  vec3 towards = normalize(-vSeen);
  vec3 normal = normalize(vNormal + 1e-6 * towards);
  if (dot(normal, towards) < 0.0) normal = -normal;
  float sky = 0.5 + 0.5 * dot(normal, viewMatrix[1].xyz);
  float key = pow(0.5 + 0.5 * dot(normal, normalize(vec3(-0.45, 0.65, 0.6))), 1.6);
  float side = 1.0 - max(dot(normal, towards), 0.0);
  float rim = side * side * side;
  vec3 light = mix(vec3(0.26, 0.25, 0.26), vec3(0.44, 0.45, 0.48), sky) + 0.60 * key * vec3(1.0, 0.98, 0.95);
  vec3 colour = vColour.rgb * light + 0.05 * rim;
  if (vColour.a > 1.5) {
    float grey = dot(colour, vec3(0.3, 0.6, 0.1));
    colour = mix(mix(vec3(grey), colour, 0.45), background, 0.72);
  } else if (vColour.a > 0.5) {
    colour = mix(colour, vec3(1.0), 0.24 + 0.4 * rim);
  }
  gl_FragColor = sRGBTransferOETF(vec4(colour, 1.0));
}`;

const PICKED = `
flat in uint vAtom;
void main() {
  ${ROUND}
  uint id = vAtom + 1u;
  gl_FragColor = vec4(float(id & 255u), float((id >> 8) & 255u), float((id >> 16) & 255u), 255.0) / 255.0;
}`;

const SHADE = `
uniform float reach;
in vec3 vSeen;
void main() {
  ${ROUND}
  gl_FragColor = vec4(0.0, 0.0, 0.0, exp(vSeen.z / reach));
}`;

/** Materials {seen, picked, shade} that share one table of looks. */
export function createMaterials(looks, round, pointSize) {
  const shared = { looks: { value: looks.texture }, pointSize: { value: pointSize } };
  const make = (fragmentShader, uniforms = {}) => new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader,
    uniforms: { ...shared, pixels: { value: 1 }, ...uniforms },
    defines: round ? { ROUND: 1 } : {},
    side: DoubleSide,
  });
  return {
    seen: make(SEEN, { background: { value: [1, 1, 1] } }),
    picked: make(PICKED),
    shade: make(SHADE, { reach: { value: 0.5 } }),
  };
}
