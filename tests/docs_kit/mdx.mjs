// Compiles a page of MDX as Docusaurus does, and prints it as React renders it: node mdx.mjs PAGE TABLE
import { readFileSync } from "node:fs";
import { evaluate } from "@mdx-js/mdx";
import remarkGfm from "remark-gfm";
import { createElement } from "react";
import * as runtime from "react/jsx-runtime";
import { renderToStaticMarkup } from "react-dom/server";

// What React would only warn of fails here.
console.error = (...words) => {
  throw new Error(words.join(" "));
};

// Two imports that Docusaurus resolves.
const imports = {
  "import useBaseUrl from '@docusaurus/useBaseUrl';": "export const useBaseUrl = (path) => '/notes' + path;",
  "import Table from './_chat-table.mdx';": "",
};
const [page, table] = process.argv.slice(2).map((file) => readFileSync(file, "utf8"));
const source = Object.entries(imports).reduce((text, [from, to]) => {
  if (!text.includes(from)) throw new Error(`there is no ${from}`);
  return text.replace(from, to);
}, page);
const options = { ...runtime, remarkPlugins: [remarkGfm] };
const { default: Table } = await evaluate(table, options);
const { default: Page } = await evaluate(source, options);
console.log(renderToStaticMarkup(createElement(Page, { components: { Table } })));
