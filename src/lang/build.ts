/**
 * What each production of the grammar builds. The parser calls these for every way in which a beginning of the text
 * could be read, so they only allocate: a list is a chain until the bracket after it closes.
 */

export * from "./build-expr.ts";
export * from "./build-list.ts";
export * from "./build-pattern.ts";
export * from "./build-rule.ts";
export * from "./build-stream.ts";
export * from "./build-window.ts";
