import type { Phrases } from '../phrases.ts';

/** What is wrong in a document or in what was copied, after the place: `nodes.conv1.type must be text, got 3`. */
export const phrases: Phrases = {
  '{where} must be an object, got {given}': '{where} 必须是对象，实际为 {given}',
  '{where} must be a list, got {given}': '{where} 必须是列表，实际为 {given}',
  '{where} must be a list of numbers, got {given}': '{where} 必须是数的列表，实际为 {given}',
  '{where} must be a whole number from {low} to {high}, got {given}':
    '{where} 必须是 {low} 到 {high} 的整数，实际为 {given}',
  '{where} must be a finite number, got {given}': '{where} 必须是有限数，实际为 {given}',
  '{where} must be a finite number within ±{most}, got {given}': '{where} 必须是 ±{most} 以内的有限数，实际为 {given}',
  '{where} must be text, got {given}': '{where} 必须是文本，实际为 {given}',
  '{where} must be one of {choices}': '{where} 必须是其中之一：{choices}',
  '{where} is {length} characters long, at most {most} are possible': '{where} 有 {length} 个字符，最多允许 {most} 个',
  '{where} has {count} entries, at most {most} are possible': '{where} 有 {count} 项，最多允许 {most} 项',
  '{where} has the key "__proto__"': '{where} 含有键“__proto__”',
  '{where} has {name}, which is no name: letters, digits and "_"':
    '{where} 含有 {name}，这不是名称：只能用字母、数字和“_”',
  '{where} is {id}: ids are 1 to 64 letters, digits, "_" or "-"':
    '{where} 为 {id}：id 为 1 到 64 个字母、数字、“_”或“-”',
  '{where} is "{id}", but the node is filed under "{key}"': '{where} 为“{id}”，但该节点存放在“{key}”之下',
  '{where} is "{id}", but the wire is filed under "{key}"': '{where} 为“{id}”，但该连线存放在“{key}”之下',
  '{where} is "{id}", but the block is filed under "{key}"': '{where} 为“{id}”，但该模块存放在“{key}”之下',
  '{where} is "{id}", but the frame is filed under "{key}"': '{where} 为“{id}”，但该框存放在“{key}”之下',
  '{where} is "{id}", but the note is filed under "{key}"': '{where} 为“{id}”，但该注释存放在“{key}”之下',
  "{where} can't be used: {problem}": '{where} 无法使用：{problem}',
  '{where} is neither true nor false': '{where} 既不是 true 也不是 false',
  '{where} is no name for a parameter: letters, digits and "_", not "repeat" or "timeDistributed"':
    '{where} 不能作参数名：只能用字母、数字和“_”，且不能是“repeat”或“timeDistributed”',
  'format is not "gradloom": this is no Gradloom document': 'format 不是“gradloom”：这不是 Gradloom 文档',
  'format is not "gradloom-block"': 'format 不是“gradloom-block”',
  'version is {version}, made by a newer Gradloom; this one reads up to {known}: update it':
    'version 为 {version}，由更新的 Gradloom 生成；此版本最多读到 {known}：请更新',
  'the document': '文档',
  nothing: '空',
  'a list': '列表',
  'an object': '对象',
};
