/** An element of a well-formed document without text content. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(value: string): string {
  if (/[<]|&(?!(?:amp|lt|gt|quot|apos);)/.test(value)) throw new Error(`Not a well-formed value: ${value}`);
  return value.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name] ?? '');
}

/** A strict parser for the part of XML that the writer uses: it throws on anything that is not well formed. */
export function parseXml(document: string): XmlElement {
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<!DOCTYPE \w+>\n/, '');
  const root: XmlElement = { name: '', attributes: {}, children: [] };
  const open = [root];
  let rest = body;
  while (rest.trim() !== '') {
    const match = /^\s*<(\/?)([\w-]+)((?: [\w-]+="[^"]*")*)(\/?)>/.exec(rest);
    if (!match) throw new Error(`Not well formed at: ${rest.slice(0, 60)}`);
    const [whole, closing, name = '', pairs = '', empty] = match;
    rest = rest.slice(whole.length);
    if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const found = [...pairs.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(
      ([, key = '', value = '']) => [key, decode(value)] as const,
    );
    const element: XmlElement = { name, attributes: Object.fromEntries(found), children: [] };
    open.at(-1)?.children.push(element);
    if (empty !== '/') open.push(element);
  }
  const first = root.children[0];
  if (open.length !== 1 || !first || root.children.length !== 1)
    throw new Error('Not one closed root element');
  return first;
}
