import type { backup as english } from '../en/backup.ts';
import type { Told } from '../messages.ts';

export const backup: Told<typeof english> = {
  title: '备份',
  new: '新备份',
  make: '创建备份',
  about:
    '工站在运行中被复制，并对副本进行检查。副本含有名称和密封的机密：请像工站本身一样保管。密钥在 HSM 中，HSM 有自己的备份。',
  made: '{name} 已创建并检查，{at}。',
  stages: {
    copying: '正在复制',
    reading: '正在回读',
    checking: '正在检查记录',
    verifying: '正在验证审计记录',
  },
  list: '备份',
  folder: '保存在 {folder}。请同时复制到其他地方。',
  ownFolder: '保存在工站文件夹的 backups 子文件夹中。请同时复制到其他地方。',
  none: '还没有备份。',
  name: '文件夹',
  madeAt: '创建时间',
  size: '大小',
  mb: '{mb} MB',
  entries: '条目',
  expires: '可恢复至',
  unread: '以下文件夹不是完整的备份：{names}',
  restore: '恢复备份',
  restoreMeans: '请先停止工站，然后在本计算机的命令行执行：',
  restoreAfter: '原来的工站会另行保留。恢复后的工站在下次启动时与外部锚点比较；如果锚点更新，须由两人核对。',
};
