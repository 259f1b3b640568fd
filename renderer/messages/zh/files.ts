import type { files as english } from '../en/files.ts';
import type { Told } from '../messages.ts';

export const files: Told<typeof english> = {
  save: '保存：{what}',
  show: '显示：{what}',
  choose: '选择文件：{what}',
  unread: '无法读取此文件，或文件长度超出此处所需。',
};
