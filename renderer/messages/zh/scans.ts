import type { scans as english } from '../en/scans.ts';
import type { Told } from '../messages.ts';

/** 扫描之后除启动运行以外的结果。 */
export const scans: Told<typeof english> = {
  armedOn: '工位 {lane, number} 等待中：请插入产品',
  armedUntil: '请插入产品：运行会自动开始。该工位等待至 {until}。',
  chosen: '下一次扫描归工位 {lane, number}',
  misread: '不是标签',
  missed: '{count, plural, other {有 # 次扫描未被接收}}（{since}）：当时本站没有窗口接收扫描。请重新扫描。',
  tested: '测试',
  test: {
    same: '扫描枪与本计算机一致。',
    capsLock: '大写锁定已打开：请关闭后重新测试。',
    qwertz: '扫描枪与此处的德语键盘不一致：请将扫描枪设为德语，然后重新测试。',
    azerty: '扫描枪与此处的法语键盘不一致：请将扫描枪设为法语，然后重新测试。',
    other: '扫描枪与此处的键盘不一致：请将两者设为相同，然后重新测试。',
  },
  unplaced: {
    elsewhere: '未接收：产品须在工位画面上扫描，且没有打开的对话框。请转到该画面后重新扫描。',
    badge: '这是工牌。请先退出登录，再扫描以登录。',
    'nothing-to-retry': '没有可以再做一次的产品。',
    'nothing-to-confirm': '没有可用条码确认的内容。',
  },
};
