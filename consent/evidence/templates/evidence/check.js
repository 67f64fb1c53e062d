"use strict";
// Checks an evidence bundle in the reader's own browser, in the order of docs/verify.md, and asks nobody anything.
(() => {
  const at = (id) => document.getElementById(id);
  const subtle = globalThis.crypto && crypto.subtle;
  const keys = JSON.parse(at("keys").textContent);
  const STATES = {
    "consent.given": "given", "consent.renewed": "given", "consent.refused": "refused",
    "consent.withdrawn": "withdrawn", "consent.expired": "expired",
  };
  const BODY = ["chan", "data", "id", "log", "occ", "prev", "purp", "rec", "sd", "seq", "src", "str", "type", "v"];
  const PARTS = ["anchors", "body", "disclosures", "format", "proof", "receipt"];
  const [RECEIPT, CERTIFICATE] = ["consent-receipt+jwt", "consent-certificate+jwt"], TYPES = [RECEIPT, CERTIFICATE];
  const OWN_KEYS = ["jwk", "jku", "x5u", "x5c", "crit", "b64"];
  const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  const DIGEST = /^[A-Za-z0-9_-]{43}$/;

  class Broken extends Error {
    constructor(step) { super(step); this.step = step; }
  }
  const hold = (yes, step) => { if (!yes) throw new Broken(step); };

  // Bytes and texts, read strictly: one text for one value.
  const bytes = (text) => new TextEncoder().encode(text);
  const text = (raw) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
  const same = (one, other) => one.length === other.length && one.every((byte, i) => byte === other[i]);
  const base64 = (raw) => btoa(String.fromCharCode(...raw));
  const fromBase64 = (said) => {
    const raw = Uint8Array.from(atob(said), (letter) => letter.charCodeAt(0));
    if (base64(raw) !== said) throw new Error("not canonical base64");
    return raw;
  };
  const base64url = (raw) => base64(raw).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
  const fromBase64url = (said) => {
    if (!/^[A-Za-z0-9_-]*$/.test(said)) throw new Error("not base64url");
    const raw = Uint8Array.from(atob(said.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    if (base64url(raw) !== said) throw new Error("not canonical base64url");
    return raw;
  };
  const sha256 = async (raw) => new Uint8Array(await subtle.digest("SHA-256", raw));
  const signed = async (key, signature, message) => subtle.verify(
    "Ed25519", await subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]), signature, message,
  );

  // RFC 8785 as far as our bodies need it: keys in order, no spaces, whole numbers.
  const canonical = (value) => {
    if (typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value)) return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value === null || typeof value !== "object") throw new Error("no such value in a ledger");
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  };
  const ascending = (list) => list.every((one, i) => typeof one === "string" && (i === 0 || list[i - 1] < one));

  function bundleIn(given) {
    try {
      const bundle = JSON.parse(given);
      hold(bundle.format === "consent-evidence/1" && same(Object.keys(bundle).sort(), PARTS), "file");
      hold([bundle.receipt, bundle.body].every((one) => typeof one === "string"), "file");
      hold(bundle.proof === null || typeof bundle.proof === "string", "file");
      hold(Array.isArray(bundle.disclosures) && Array.isArray(bundle.anchors), "file");
      hold(bundle.disclosures.every((one) => typeof one === "string"), "file");
      return bundle;
    } catch { throw new Broken("file"); }
  }

  async function receiptOf(jws) {
    const [head, payload, signature, ...more] = jws.split(".");
    hold(signature !== undefined && more.length === 0, "receipt");
    let header, claims, key;
    try {
      header = JSON.parse(text(fromBase64url(head)));
      claims = JSON.parse(text(fromBase64url(payload)));
      key = keys.jwks.keys.find((one) => one.kid === header.kid && one.kty === "OKP" && one.crv === "Ed25519");
      hold(!OWN_KEYS.some((name) => name in header) && ["Ed25519", "EdDSA"].includes(header.alg), "receipt");
      hold(TYPES.includes(header.typ) && key !== undefined, "receipt");
      hold(await signed(fromBase64url(key.x), fromBase64url(signature), bytes(`${head}.${payload}`)), "receipt");
    } catch (error) { throw error.name === "NotSupportedError" ? error : new Broken("receipt"); }
    return [claims, key.kid, header.typ];
  }

  async function leafOf(encoded, claims, type) {
    try {
      const raw = fromBase64url(encoded), said = text(raw), leaf = JSON.parse(said);
      hold(raw.length <= 8192 && canonical(leaf) === said && same(Object.keys(leaf).sort(), BODY), "body");
      hold(leaf.v === 1 && UUID.test(leaf.id) && UUID.test(leaf.str) && TIME.test(leaf.occ) && TIME.test(leaf.rec), "body");
      hold(Number.isSafeInteger(leaf.seq) && leaf.seq >= 1 && (leaf.seq === 1 ? leaf.prev === "" : DIGEST.test(leaf.prev)), "body");
      hold(ascending(leaf.purp) && ascending(leaf.sd) && leaf.sd.every((one) => DIGEST.test(one)), "body");
      const hash = await sha256(join([0], raw));
      if (type === CERTIFICATE) {
        const sealed = base64url(await sha256(bytes(canonical(claims.certificate)))), entry = claims.ledger;
        hold(same(
          [claims.jti, claims.sub, entry.event_id, entry.origin, entry.leaf_hash, sealed, "privacy_request.certified"],
          [leaf.id, leaf.str, leaf.id, leaf.log, base64url(hash), leaf.data.certificate_sha256, leaf.type],
        ), "body");
        return [leaf, hash];
      }
      const event = claims.record.events[0];
      const stated = [
        claims.jti, claims.sub, claims.ledger.event_id, claims.ledger.origin, claims.ledger.leaf_hash,
        event.event_id, event.event_time, event.event_state, event.notice_version, claims.record.notice.sha256,
        ...claims.record.processing.map((one) => one.purpose_code).sort(),
      ];
      const told = [
        leaf.id, leaf.str, leaf.id, leaf.log, base64url(hash), leaf.id, leaf.occ, STATES[leaf.type],
        leaf.data.policy_version ?? "", leaf.data.policy_sha256 ?? "", ...leaf.purp,
      ];
      hold(same(stated, told), "body");
      return [leaf, hash];
    } catch { throw new Broken("body"); }
  }

  async function factsOf(disclosures, leaf) {
    const facts = new Map();
    try {
      for (const said of disclosures) {
        const [salt, name, value, ...more] = JSON.parse(text(fromBase64url(said)));
        hold(more.length === 0 && fromBase64url(salt).length >= 16 && /^[a-z0-9_]{1,32}$/.test(name) && value !== undefined, "facts");
        hold(leaf.sd.includes(base64url(await sha256(bytes(said)))) && !facts.has(name), "facts");
        facts.set(name, value);
      }
    } catch { throw new Broken("facts"); }
    return facts;
  }

  async function proofOf(said, hash) {
    try {
      const gap = said.indexOf("\n\n"), lines = said.slice(0, gap).split("\n");
      if (lines[1].startsWith("extra ")) lines.splice(1, 1);
      hold(gap > 0 && lines[0] === "c2sp.org/tlog-proof@v1" && /^index (0|[1-9]\d{0,15})$/.test(lines[1]), "proof");
      const index = BigInt(lines[1].slice(6)), path = lines.slice(2).map(fromBase64);
      hold(path.length <= 63 && path.every((step) => step.length === 32), "proof");
      // RFC 9162 section 2.1.3.2: from the leaf to the root.
      const root = async (size) => {
        hold(index < size, "proof");
        let node = hash, place = index, last = size - 1n;
        for (const step of path) {
          hold(last > 0n, "proof");
          if (place & 1n || place === last) {
            node = await sha256(join([1], step, node));
            while (!(place & 1n) && place) { place >>= 1n; last >>= 1n; }
          } else node = await sha256(join([1], node, step));
          place >>= 1n; last >>= 1n;
        }
        hold(last === 0n, "proof");
        return node;
      };
      return { index, root };
    } catch { throw new Broken("proof"); }
  }

  async function checkpointOf(note, origin) {
    try {
      const gap = note.lastIndexOf("\n\n"), head = note.slice(0, gap + 1), tail = note.slice(gap + 2);
      hold(gap > 0 && tail.endsWith("\n") && !/[\x00-\x09\x0b-\x1f]/.test(note), "checkpoint");
      const [name, size, root, end, ...more] = head.split("\n");
      hold(end === "" && more.length === 0 && /^(0|[1-9]\d{0,15})$/.test(size) && name === origin, "checkpoint");
      let good = 0;
      for (const line of tail.slice(0, -1).split("\n")) {
        const [mark, who, encoded, ...rest] = line.split(" "), raw = fromBase64(encoded);
        hold(mark === "\u2014" && rest.length === 0 && raw.length > 4, "checkpoint");
        for (const vkey of keys.logs) {
          const [log, id, ...key] = vkey.split("+"), known = fromBase64(key.join("+"));
          const own = await sha256(join(bytes(`${log}\n`), known));
          if (log !== who || !same(raw.slice(0, 4), own.slice(0, 4))) continue;
          hold(known.length === 33 && known[0] === 1 && [...own.slice(0, 4)].map((b) => b.toString(16).padStart(2, "0")).join("") === id, "checkpoint");
          hold(await signed(known.slice(1), raw.slice(4), bytes(head)), "checkpoint");
          if (log === origin) good += 1;
        }
      }
      hold(good > 0, "checkpoint");
      const hash = fromBase64(root);
      hold(hash.length === 32, "checkpoint");
      return { size: BigInt(size), root: hash };
    } catch (error) { throw error.name === "NotSupportedError" ? error : new Broken("checkpoint"); }
  }

  const ORDER = ["file", "receipt", "body", "facts", "checkpoint", "proof"];

  async function check(given) {
    const bundle = bundleIn(given);
    const [claims, kid, type] = await receiptOf(bundle.receipt);
    const [leaf, hash] = await leafOf(bundle.body, claims, type);
    const facts = await factsOf(bundle.disclosures, leaf);
    if (bundle.proof === null) return { claims, kid, leaf, hash, facts };
    const checkpoint = await checkpointOf(bundle.proof.slice(bundle.proof.indexOf("\n\n") + 2), leaf.log);
    const proof = await proofOf(bundle.proof, hash);
    hold(same(await proof.root(checkpoint.size), checkpoint.root), "proof");
    return { claims, kid, leaf, hash, facts, proof, checkpoint };
  }

  // What is seen. Everything from the file goes in as text, never as markup.
  const show = (id, yes) => { at(id).hidden = !yes; };
  const say = (name, said) => { for (const one of document.querySelectorAll(`[data-said="${name}"]`)) one.textContent = said; };

  function mark(broken, sealed) {
    const until = broken === null ? ORDER.length : ORDER.indexOf(broken);
    ORDER.forEach((step, i) => {
      const open = !sealed && broken === null && i > 3;
      const how = open ? "open" : i < until ? "good" : i === until ? "bad" : "not";
      for (const one of at(`step-${step}`).querySelectorAll("[data-how]")) one.hidden = one.dataset.how !== how;
    });
    show("steps", true);
  }

  // A certificate in the words of its file: nothing of it is left out, and nothing is put into other words.
  const lines = (value, depth = "") => Object.entries(value).map(([name, said]) => (
    said !== null && typeof said === "object" ? `${depth}${name}:\n${lines(said, `${depth}  `)}` : `${depth}${name}: ${said}`
  )).join("\n");

  function tell(found) {
    for (const one of document.querySelectorAll("[data-of]")) one.hidden = (one.dataset.of === "certificate") !== Boolean(found.claims.certificate);
    say("reference", reference(found.hash));
    say("key", found.kid);
    if (found.proof) say("place", `${found.proof.index + 1n} / ${found.checkpoint.size} \u00b7 ${found.leaf.log}`);
    else say("place", "\u2013");
    if (found.claims.certificate) {
      for (const one of document.querySelectorAll("[data-state]")) one.hidden = one.dataset.state !== "certified";
      say("who", found.claims.certificate.organization.name);
      say("certificate", lines(found.claims.certificate));
    } else tellReceipt(found);
    show("found", true);
  }

  function tellReceipt(found) {
    const event = found.claims.record.events[0], notice = found.claims.record.notice;
    for (const one of document.querySelectorAll("[data-state]")) one.hidden = one.dataset.state !== event.event_state;
    say("who", found.claims.record.parties.filter((one) => one.role === "controller").map((one) => one.name).join(", "));
    say("what", found.claims.record.processing.map((one) => one.service || one.purpose).join(" \u00b7 "));
    say("when", new Date(event.event_time).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "long" }));
    say("how", event.method);
    say("policy", `${notice.id} ${notice.version}`);
    say("policy-hash", notice.sha256);
    say("wording-hash", found.leaf.data.wording_sha256 ?? "\u2013");
    say("facts", [...found.facts].map(([name, value]) => `${name}: ${value}`).join("\n") || "\u2013");
  }

  const reference = (hash) => base64url(hash).slice(0, 16);
  const asked = () => decodeURIComponent(location.hash.slice(1)).slice(0, 16);

  async function run(given) {
    for (const id of ["holds", "unsealed", "fails", "cannot", "other", "found", "steps"]) show(id, false);
    try {
      const found = await check(given.replace(/^\ufeff/, "").trim());
      mark(null, Boolean(found.proof));
      tell(found);
      show(found.proof ? "holds" : "unsealed", true);
      show("other", /^[A-Za-z0-9_-]{16}$/.test(asked()) && asked() !== reference(found.hash));
    } catch (error) {
      if (error instanceof Broken) { mark(error.step, true); show("fails", true); }
      else show("cannot", true);
    }
    at("answer").focus();
  }

  show("tool", true);
  if (!subtle) { show("cannot", true); return; }
  if (/^[A-Za-z0-9_-]{16}$/.test(asked())) { say("asked", asked()); show("with-reference", true); }
  at("bundle").addEventListener("change", async () => {
    const file = at("bundle").files[0];
    if (file && file.size <= 1048576) { at("pasted").value = await file.text(); run(at("pasted").value); }
    else if (file) run("");
  });
  at("check").addEventListener("click", () => run(at("pasted").value));
})();
