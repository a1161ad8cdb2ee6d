/** Colours, strokes and arrowheads of the picture: each kind of edge has its own, dark enough for light and light enough for dark. */

interface Palette {
  readonly page: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly box: string;
  readonly take: string;
  readonly ignore: string;
  readonly proceed: string;
  readonly done: string;
  readonly forbidden: string;
}

const LIGHT: Palette = {
  page: "#ffffff",
  text: "#1f2328",
  faint: "#59636e",
  line: "#d1d9e0",
  box: "#f6f8fa",
  take: "#0550ae",
  ignore: "#59636e",
  proceed: "#8250df",
  done: "#1a7f37",
  forbidden: "#cf222e",
};

const DARK: Palette = {
  page: "#0d1117",
  text: "#f0f6fc",
  faint: "#9198a1",
  line: "#3d444d",
  box: "#161b22",
  take: "#79c0ff",
  ignore: "#9198a1",
  proceed: "#bc8cff",
  done: "#3fb950",
  forbidden: "#ff7b72",
};

const EDGES = ["take", "ignore", "proceed", "forbidden"] as const;

function colours(of: Palette): string {
  return [
    `.page{fill:${of.page}}`,
    `text{fill:${of.text}}`,
    `.remark,.note,.key{fill:${of.faint}}`,
    `.key.term{fill:${of.text}}`,
    `.rule{stroke:${of.line}}`,
    `.state rect{fill:${of.box};stroke:${of.faint}}`,
    `.state.final rect,.state.pending rect{stroke:${of.done}}`,
    `.state.stop rect{stroke:${of.forbidden}}`,
    `.state.stop text{fill:${of.forbidden}}`,
    `.start{fill:${of.text}}`,
    `.edge.begin{stroke:${of.text}}`,
    `.head.begin{fill:${of.text}}`,
    ...EDGES.map((kind) => `.edge.${kind}{stroke:${of[kind]}}.head.${kind},.label.${kind}{fill:${of[kind]}}`),
  ].join("\n");
}

const SHAPES = [
  `text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}`,
  `.heading{font-size:15px;font-weight:bold}`,
  `.name{font-size:13px;font-weight:bold;text-anchor:middle}`,
  `.note{font-size:11px;text-anchor:middle}`,
  `.label,.key,.remark{font-size:11px}`,
  `.state rect{stroke-width:1.5px}`,
  `.state .inner{fill:none;stroke-width:1px}`,
  `.state.copy rect{stroke-dasharray:2 2}`,
  `.edge{fill:none;stroke-width:1.3px}`,
  `.edge.take{stroke-width:2px}`,
  `.edge.proceed{stroke-dasharray:6 4}`,
  `.rule{stroke-width:1px}`,
  ...[...EDGES, "begin"].map((kind) => `.edge.${kind}{marker-end:url(#tripline-${kind})}`),
].join("\n");

const HEADS = [...EDGES, "begin"].map(
  (kind) =>
    `<marker id="tripline-${kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class="head ${kind}" d="M0,1 L9,5 L0,9 z"/></marker>`,
);

export const STYLE = [
  "<style>",
  SHAPES,
  colours(LIGHT),
  `@media (prefers-color-scheme: dark) {\n${colours(DARK)}\n}`,
  "</style>",
  `<defs>${HEADS.join("")}</defs>`,
].join("\n");
