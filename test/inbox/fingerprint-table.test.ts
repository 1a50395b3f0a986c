import fc from "fast-check";
import { FingerprintTable } from "../../src/inbox/embedded/fingerprint-table";

/** Few prints, close together and far apart, so that they meet: in a slot, and by chance altogether. */
const print = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: 5 }).map((more) => 2 ** 47 + more * 1_024),
  fc.integer({ min: 1_000, max: 1_023 }),
);

it("finds what was added and not deleted, and nothing else", () => {
  const steps = fc.array(fc.record({ print, deletes: fc.boolean(), which: fc.nat() }), { maxLength: 400 });
  fc.assert(
    fc.property(steps, (all) => {
      const table = new FingerprintTable();
      const model: { print: number; id: number }[] = [];
      all.forEach(({ print: at, deletes, which }, index) => {
        if (deletes && model.length > 0) {
          const [gone] = model.splice(which % model.length, 1);
          table.delete(gone?.print ?? 0, gone?.id ?? 0);
        } else {
          table.add(at, index + 1);
          model.push({ print: at, id: index + 1 });
        }
      });
      expect(table.size).toBe(model.length);
      for (const at of new Set(all.map((step) => step.print)))
        expect([...table.find(at)].sort((a, b) => a - b)).toEqual(
          model.flatMap((one) => (one.print === at ? one.id : [])),
        );
    }),
  );
});

it("grows and shrinks, and loses nothing by it", () => {
  const table = new FingerprintTable();
  const printOf = (id: number): number => (id * 2_654_435_761) % 2 ** 48;
  for (let id = 1; id <= 50_000; id++) table.add(printOf(id), id);
  for (let id = 1; id <= 50_000; id++) if (id % 100 !== 0) table.delete(printOf(id), id);
  expect(table.size).toBe(500);
  for (let id = 1; id <= 50_000; id++) expect(table.find(printOf(id))).toEqual(id % 100 === 0 ? [id] : []);
});

it("does nothing when it is to delete what is not there", () => {
  const table = new FingerprintTable();
  table.add(7, 1);
  table.delete(7, 2);
  table.delete(8, 1);
  expect(table.find(7)).toEqual([1]);
  expect(table.size).toBe(1);
});
