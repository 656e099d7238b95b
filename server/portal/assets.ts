import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { RequestHandler } from "express";
import { notFound } from "../platform/problems.ts";

type Asset = { type: string; plain: Buffer; gzip: Buffer; br: Buffer };
export type Assets = { paths: { styles: string; script: string }; serve: RequestHandler };

/** The style and the script of the pages, under names that change with their content: browsers keep them for a year. */
export function loadAssets(): Assets {
  const assets = new Map<string, Asset>();
  const add = (file: string, type: string) => {
    const plain = readFileSync(new URL(`../../portal/${file}`, import.meta.url));
    const [name = "", ending = ""] = file.split(".");
    const hash = createHash("sha256").update(plain).digest("hex").slice(0, 12);
    const path = `/assets/${name}-${hash}.${ending}`;
    assets.set(path, { type, plain, gzip: gzipSync(plain), br: brotliCompressSync(plain) });
    return path;
  };
  const paths = { styles: add("styles.css", "text/css"), script: add("live.js", "text/javascript") };

  const serve: RequestHandler = (req, res) => {
    const asset = assets.get(req.path);
    if (!asset) throw notFound("This page");
    const encoding = req.acceptsEncodings(["br", "gzip"]);
    res.set("cache-control", "public, max-age=31536000, immutable").set("vary", "Accept-Encoding").type(asset.type);
    if (encoding === "br" || encoding === "gzip") res.set("content-encoding", encoding).send(asset[encoding]);
    else res.send(asset.plain);
  };
  return { paths, serve };
}
