import type { display as english } from '../en/display.ts';
import type { Told } from '../messages.ts';

export const display: Told<typeof english> = {
  title: '本屏幕',
  about: '这些设置保存在本机。语言跟随登录的人员。',
  theme: '颜色',
  themes: { auto: '与本机一致', light: '浅色', dark: '深色', contrast: '高对比度' },
  language: '语言',
  sound: '声音',
  soundMeans: '扫描已接收、合格、不合格、需要人员。任何信息都不会只用声音表示。',
  soundPass: '合格时也发声',
  sizes: '尺寸',
  sizesMean: '文字大小按此距离所需：0.7 米处为 4.1 毫米。',
  diagonal: '屏幕对角线，英寸',
  distance: '眼睛的距离，米',
  asItComes: '两项都给出之前，尺寸随窗口变化。',
  sample: '这条线高 {mm} 毫米。请用直尺测量。',
  clear: '清除两项尺寸',
  kiosk: '展台模式',
  kioskMeans: '工站占满整个屏幕，任何人都不能关闭窗口。线长或安全员可在此退出。',
  openKiosk: '进入展台模式',
  leaveKiosk: '退出展台模式',
};
