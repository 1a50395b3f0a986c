import { readHtml } from "../../src/text/read-html";

const read = (html: string): string | undefined =>
  readHtml(html, () => undefined)
    ?.map(({ text }) => text)
    .join("");

it.each([
  ["<p>Hi <b>there</b></p>", "Hi there\n"],
  ["one<br>two<br/>three", "one\ntwo\nthree"],
  ["<p>one\n  line</p>\n<p>two</p>", "one line\ntwo\n"],
  ["a <b> b </b> c", "a b c"],
  ["<pre>a\n  b</pre>c", "a\n  b\nc"],
  ["<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c\n"],
  ['<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b\n"],
  ["<ul><li><p>a</p></li><li>b</li></ul>", "- a\n- b\n"],
  ["<ul><li></li><li>b</li></ul>", "- \n- b\n"],
  ["<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>", "a | b\nc | d\n"],
  ['<a href="https://example.com">the page</a>', "the page (https://example.com)"],
  ['<a href="https://example.com">https://example.com</a>', "https://example.com"],
  ['<a href="mailto:ada@example.com">ada@example.com</a>', "ada@example.com"],
  ['<a href="/x"><img src="c.png" alt="a chart"></a>', "a chart (c.png) (/x)"],
  ['<img src="https://example.com/c.png">', "https://example.com/c.png"],
  ["<custom-thing>text</custom-thing> <x-y/>", "text "],
  ["&lt;b&gt; &amp; &#39;five&#x27; caf&eacute;&nbsp;!", "<b> & 'five' café !"],
  ["&#9999999;&bogus;", "\ufffd&bogus;"],
  ["a<!-- b --><script>c</script><style>d</style>e", "ae"],
  ['<a title="a > b">c</a>', "c"],
  ["a < b and <", "a < b and <"],
  ["one<hr>two", "one\n---\ntwo"],
])("%j reads %j", (html, text) => {
  expect(read(html)).toBe(text);
});

it("HTML that is nested deeper than 200 elements is not read", () => {
  expect(read(`${"<b>".repeat(200)}x`)).toBe("x");
  expect(read(`${"<b>".repeat(201)}x`)).toBeUndefined();
});

it("an element that the caller knows is a piece of its own", () => {
  const mark = (element: string, { id }: Readonly<Record<string, string>>): string | undefined =>
    element === "x-mention" ? id : undefined;
  expect(readHtml('a <x-mention id="1">Ada <b>L</b></x-mention> b<x-mention id="2">open', mark)).toEqual([
    { kind: "text", text: "a " },
    { kind: "mark", mark: "1", text: "Ada L" },
    { kind: "text", text: " b" },
    { kind: "text", text: "open" },
  ]);
});
