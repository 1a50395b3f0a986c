import { fileNameIn } from "../../../src/platforms/api/content-disposition";

it.each([
  ["attachment; filename=a.png", "a.png"],
  ['attachment; filename="a b.png"; size=3', "a b.png"],
  ['attachment; filename="a \\"b\\".png"', 'a "b".png'],
  [`attachment; filename="?.png"; filename*=UTF-8''%C3%BC%20x.png`, "ü x.png"],
  [`attachment; filename*=utf-8'de'%C3%BC.png`, "ü.png"],
  [`attachment; filename="a.png"; filename*=UTF-8''%ZZ`, "a.png"],
  [`attachment; filename*=ISO-8859-1''caf%E9.txt`, "café.txt"],
  [`attachment; filename="a;filename*=utf-8''evil.exe.txt"`, "a;filename*=utf-8''evil.exe.txt"],
  [`attachment; filename="a;filename=b.txt"`, "a;filename=b.txt"],
])("reads the name in %j", (header, name) => {
  expect(fileNameIn(header)).toBe(name);
});

it.each([
  ['attachment; filename="../../etc/passwd"', "passwd"],
  ['attachment; filename="C:\\\\Users\\\\x.exe"', "x.exe"],
  [`attachment; filename*=UTF-8''..%2F..%2Fx`, "x"],
  [`attachment; filename*=UTF-8''a%00%0Ab`, "ab"],
])("gives no folders and no control characters of %j", (header, name) => {
  expect(fileNameIn(header)).toBe(name);
});

it.each([
  undefined,
  "",
  "attachment",
  'attachment; filename=""',
  'attachment; filename=".."',
  'attachment; filename="a/"',
])("finds none in %j", (header) => {
  expect(fileNameIn(header)).toBeUndefined();
});
