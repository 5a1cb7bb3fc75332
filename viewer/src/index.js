// What the bundle gives: the viewer for any page, and the start of view.html.
import { createViewer } from "./viewer.js";

export { createViewer };

/** Starts view.html: shows the data in its script element, or says in words why not. */
export function openPage() {
  const place = document.getElementById("view");
  try {
    const viewer = createViewer(place, JSON.parse(document.getElementById("data").textContent));
    viewer.focus();
    return viewer;
  } catch (error) {
    place.textContent = `This shape cannot be shown. ${error.message}`;
    return null;
  }
}
