/** Python's keywords, and builtins in lower case that a variable should not hide. */
const PYTHON_WORDS = words(`
  False None True and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield case match type
  abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright
  credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash
  help hex id input int isinstance issubclass iter len license list locals map max memoryview min next object oct open
  ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple vars
  zip`);

/** Names of Python's builtins that begin like a class. */
const PYTHON_CLASSES = words(`
  ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError
  BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError
  ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception ExceptionGroup
  False FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError
  ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError
  MemoryError ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError OSError
  OverflowError PendingDeprecationWarning PermissionError ProcessLookupError RecursionError ReferenceError
  ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError
  SystemExit TabError TimeoutError True TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError
  UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError
  F DataLoader TensorDataset Path`);

/** Attributes of nn.Module: `self.train = nn.Linear(…)` would break the model. */
const MODULE_ATTRIBUTES = words(`
  add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval extra_repr float
  forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia named_buffers
  named_children named_modules named_parameters parameters register_backward_hook register_buffer
  register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
  register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter
  register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory
  state_dict to to_empty train training type xpu zero_grad`);

/** What the generated Python scripts import and define themselves. */
const PYTHON_SCRIPT = words(`
  self torch nn np numpy keras layers ops losses optimizers data argparse gzip math random tensorflow tf
  main parse_args build_model load_split load_dataset train_epoch evaluate model inputs outputs loss_fn optimizer`);

const TYPESCRIPT_WORDS = words(`
  abstract any arguments as asserts async await bigint boolean break case catch class const constructor continue
  debugger declare default delete do else enum eval export extends false finally for from function get global if
  implements import in infer instanceof interface is keyof let module namespace never new null number object of out
  override package private protected public readonly require return satisfies set static string super switch symbol
  this throw true try type typeof undefined unique unknown using var void while with yield
  console process globalThis input layers model network train dataset loadData result`);

/** Names that code may not give to a layer, in any target: the name of a node is the same in all of them. */
const RESERVED_VARIABLES = new Set([...PYTHON_WORDS, ...MODULE_ATTRIBUTES, ...PYTHON_SCRIPT, ...TYPESCRIPT_WORDS]);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/**
 * A variable's name from any text, in snake case: only a–z, 0–9 and _ are left, so that neither Python's folding of
 * identifiers nor anything else can make two names one. Empty if nothing is left.
 */
export function variableName(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z][a-z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40)
    .replace(/_+$/, '');
  if (plain === '') return '';
  const name = /^[0-9]/.test(plain) ? `layer_${plain}` : plain;
  return RESERVED_VARIABLES.has(name) ? `${name}_` : name;
}

/** A class name from any text: `Keras quick-start CNN` gives KerasQuickStartCNN. */
export function className(text: string): string {
  const parts = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1));
  const name = parts.join('').slice(0, 60);
  if (name === '') return 'Model';
  if (/^[0-9]/.test(name)) return `Model${name}`;
  return PYTHON_CLASSES.includes(name) ? `${name}Model` : name;
}

/** `base` if it is free, else `base2`, `base3`, …; the result is taken from then on. */
export function freeName(base: string, taken: Set<string>): string {
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base}${n}`;
  taken.add(name);
  return name;
}

/**
 * Any text as part of one comment line: what could end the line or turn its direction (controls, U+2028, U+2029,
 * bidirectional marks) becomes a space.
 */
export function commentText(text: string): string {
  const line = text
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    // Ends a block comment; and a code point written as two must not be cut in half.
    .replaceAll('*/', '* /')
    .trim();
  const points = [...line];
  return points.length > 80 ? `${points.slice(0, 79).join('')}…` : line;
}

/** Any text as a string literal of JavaScript and JSON: ASCII only. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
