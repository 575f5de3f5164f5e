import { FunctionBuilder, I32, ModuleBuilder } from './assembler.ts';
import type { Code } from './code.ts';
import type { OperandCopy } from './contractOperand.ts';
import { emitProduct, type GemmCalls, type MatrixLayout } from './emitProduct.ts';
import { GEMM_PARAMETERS } from './gemmModule.ts';

/** Where a product finds an operand. */
export interface ProductOperand {
  readonly operand: number;
  /** Bytes from one unit of the first output dim to the next. */
  readonly unitBytes: number;
  /** Offset of a copy of all of it in shared scratch memory. */
  readonly sharedCopy: number | undefined;
  /** A copy that each thread makes of some units at a time, at an offset in its own scratch memory. */
  readonly ownCopy: { readonly copy: OperandCopy; readonly at: number } | undefined;
}

interface ProductModule {
  readonly operands: number;
  readonly a: ProductOperand;
  readonly b: ProductOperand;
  readonly layout: MatrixLayout;
  readonly rows: number;
  readonly columns: number;
  readonly gemm: Code;
}

/** An operand by units of the first output dim; all that is encoded reads and sets locals. */
interface OperandUnits {
  /** Holds the address of the units at hand. */
  readonly at: number;
  /** Comes once before. */
  readonly prepare: () => void;
  /** Sets `at` for the units [unit, until). */
  readonly load: (unit: number, until: number) => void;
}

export type ModuleWithImports = { readonly module: ModuleBuilder; readonly imports: Code['imports'] };

/**
 * A function of operands' addresses, the result's, shared scratch memory, the thread's own, and a range. The address
 * parameters come first, so operand i is local i.
 */
export class ProductFunction {
  readonly f: FunctionBuilder;
  readonly module = new ModuleBuilder();
  readonly imports: Record<string, { code: number; name: string }> = {};
  readonly gemm: GemmCalls;
  readonly result: number;
  readonly shared: number;
  readonly own: number;
  readonly begin: { readonly local: number };
  readonly end: { readonly local: number };
  readonly #operands: number;

  constructor(operands: number, gemm: Code) {
    this.#operands = operands;
    this.f = new FunctionBuilder(new Array<typeof I32>(operands + 5).fill(I32));
    this.result = operands;
    this.shared = operands + 1;
    this.own = operands + 2;
    this.begin = { local: operands + 3 };
    this.end = { local: operands + 4 };
    const calls = (['packRows', 'packColumns', 'multiply'] as const).map((name) => {
      this.imports[name] = { code: gemm.id, name };
      return this.module.import(name, GEMM_PARAMETERS[name]);
    });
    const [packRows, packColumns, multiply] = calls as [number, number, number];
    this.gemm = { packRows, packColumns, multiply };
  }

  /** Another kernel's function, which takes so many numbers. */
  import(name: string, code: Code, parameters: number): number {
    this.imports[name] = { code: code.id, name: 'run' };
    return this.module.import(name, new Array<typeof I32>(parameters).fill(I32));
  }

  /** Puts all operands' addresses on the stack. */
  operands(): void {
    for (let i = 0; i < this.#operands; i++) this.f.get(i);
  }

  /** A local that holds an address plus a constant. */
  address(base: number, bytes: number): number {
    if (bytes === 0) return base;
    const local = this.f.local(I32);
    this.f.get(base).i32(bytes).emit('i32.add').set(local);
    return local;
  }

  /** A local with the address of an operand, or of the copy that all threads share. */
  source({ operand, sharedCopy }: ProductOperand): number {
    return sharedCopy === undefined ? operand : this.address(this.shared, sharedCopy);
  }

  /** Prepares reading an operand by units of the first output dim, up to `most` at a time. */
  byUnits(side: ProductOperand, name: string, most: number): OperandUnits {
    const { f } = this;
    const at = f.local(I32);
    if (!side.ownCopy) {
      const source = this.source(side);
      return {
        at,
        prepare: () => {},
        load: (unit) => {
          f.get(source).get(unit).i32(side.unitBytes).emit('i32.mul', 'i32.add').set(at);
        },
      };
    }
    const { copy, at: offset } = side.ownCopy;
    const clear = copy.clear && this.import(`clear${name}`, copy.clear.code, 3);
    const fill = this.import(`fill${name}`, copy.fill.code, this.#operands + 3);
    return {
      at,
      prepare: () => {
        f.get(this.own).i32(offset).emit('i32.add').set(at);
        if (clear !== undefined)
          f.get(at)
            .i32(0)
            .i32((copy.bytes / 4) * most)
            .call(clear);
      },
      load: (unit, until) => {
        this.operands();
        f.get(at).i32(copy.start).emit('i32.add').get(unit).i32(copy.bytes).emit('i32.mul', 'i32.sub');
        f.get(unit).get(until).call(fill);
      },
    };
  }

  finish(): ModuleWithImports {
    this.module.add(this.f, 'run');
    return { module: this.module, imports: this.imports };
  }
}

/** The whole product into the result or shared scratch memory; the range is of rows or of columns. */
export function buildParts(
  given: ProductModule,
  along: 'rows' | 'columns',
  products: number | undefined,
): ModuleWithImports {
  const kernel = new ProductFunction(given.operands, given.gemm);
  const range = [kernel.begin, kernel.end] as const;
  emitProduct(kernel.f, kernel.gemm, given.layout, {
    a: kernel.source(given.a),
    b: kernel.source(given.b),
    c: products === undefined ? kernel.result : kernel.address(kernel.shared, products),
    packed: kernel.own,
    rows: along === 'rows' ? range : [0, given.rows],
    columns: along === 'columns' ? range : [0, given.columns],
    k: [0, given.layout.count],
  });
  return kernel.finish();
}

/** Slices of the sum, each into a place of its own in shared scratch memory; the range is of slices. */
export function buildSlices(
  given: ProductModule,
  { count, place, products }: { readonly count: number; readonly place: number; readonly products: number },
): ModuleWithImports {
  const kernel = new ProductFunction(given.operands, given.gemm);
  const { f } = kernel;
  const [a, b] = [kernel.source(given.a), kernel.source(given.b)];
  const [slice, c, from, to] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  f.loop(slice, kernel.begin, kernel.end, 1, () => {
    f.get(slice).i32(given.layout.count).emit('i32.mul').set(from);
    f.get(from).i32(given.layout.count).emit('i32.add').set(to);
    f.smaller({ local: to }, count).set(to);
    f.get(slice).i32(place).emit('i32.mul').get(kernel.shared).emit('i32.add').i32(products).emit('i32.add').set(c);
    emitProduct(f, kernel.gemm, given.layout, {
      a,
      b,
      c,
      packed: kernel.own,
      rows: [0, given.rows],
      columns: [0, given.columns],
      k: [{ local: from }, { local: to }],
    });
  });
  return kernel.finish();
}

interface UnitsPlan {
  /** Units of the first output dim at a time. */
  readonly most: number;
  readonly rowsPerUnit: number | undefined;
  readonly columnsPerUnit: number | undefined;
  /** Whether each unit is a product of its own. */
  readonly unitIsProduct: boolean;
  /** Tables of the operands' offsets for each of so many products a unit, and the bytes between their results. */
  readonly batches: {
    readonly count: number;
    readonly tableA: number;
    readonly tableB: number;
    readonly place: number;
  };
  /** Where products go in the thread's own scratch memory. */
  readonly products: number;
  readonly epilogue: { readonly code: Code; readonly firstBytes: number };
}

/** Some units of the first output dim at a time: product, then epilogue while that is in cache; the range is of units. */
export function buildUnits(given: ProductModule, plan: UnitsPlan): ModuleWithImports {
  const kernel = new ProductFunction(given.operands, given.gemm);
  const { f, own, result, begin, end } = kernel;
  const { most } = plan;
  const [a, b] = [kernel.byUnits(given.a, 'A', most), kernel.byUnits(given.b, 'B', most)];
  const epilogue = kernel.import('epilogue', plan.epilogue.code, given.operands + 4);
  const products = kernel.address(own, plan.products);
  const [unit, now, until] = [f.local(I32), f.local(I32), f.local(I32)];
  a.prepare();
  b.prepare();
  f.loop(unit, begin, end, most, () => {
    f.get(end.local).get(unit).emit('i32.sub').set(now);
    f.smaller({ local: now }, most).set(now);
    f.get(unit).get(now).emit('i32.add').set(until);
    a.load(unit, until);
    b.load(unit, until);
    emitBatches(kernel, given, plan, { a: a.at, b: b.at, c: products, now });
    kernel.operands();
    f.get(products).get(unit).i32(plan.epilogue.firstBytes).emit('i32.mul', 'i32.sub');
    f.get(result).get(unit).get(until).call(epilogue);
  });
  return kernel.finish();
}

function emitBatches(
  kernel: ProductFunction,
  given: ProductModule,
  { rowsPerUnit, columnsPerUnit, unitIsProduct, batches }: UnitsPlan,
  at: { readonly a: number; readonly b: number; readonly c: number; readonly now: number },
): void {
  const { f } = kernel;
  const extent = (perUnit: number | undefined, all: number): { local: number } | number => {
    if (perUnit === undefined) return all;
    const local = f.local(I32);
    f.get(at.now).i32(perUnit).emit('i32.mul').set(local);
    return { local };
  };
  const [rows, columns] = [extent(rowsPerUnit, given.rows), extent(columnsPerUnit, given.columns)];
  const [c, unit, batch, a, b] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  f.get(at.c).set(c);
  f.loop(unit, 0, unitIsProduct ? { local: at.now } : 1, 1, () => {
    f.loop(batch, 0, batches.count, 1, () => {
      for (const [to, from, bytes, table] of [
        [a, at.a, given.a.unitBytes, batches.tableA],
        [b, at.b, given.b.unitBytes, batches.tableB],
      ] as const) {
        f.get(from).get(unit).i32(bytes).emit('i32.mul', 'i32.add');
        f.get(batch).i32(4).emit('i32.mul').loadAt(table, 'i32.load').emit('i32.add').set(to);
      }
      emitProduct(f, kernel.gemm, given.layout, {
        a,
        b,
        c,
        packed: kernel.own,
        rows: [0, rows],
        columns: [0, columns],
        k: [0, given.layout.count],
      });
      f.get(c).i32(batches.place).emit('i32.add').set(c);
    });
  });
}
