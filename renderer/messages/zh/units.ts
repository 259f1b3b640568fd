import type { units as english } from '../en/units.ts';
import type { Told } from '../messages.ts';

export const units: Told<typeof english> = {
  title: '产品',
  find: '扫描或输入标签',
  show: '查询',
  about: '标签上的序列号或注册 ID。',
  none: '本工站没有带此标签的产品。',
  notUnit: '此标签不是产品标签。',
  serial: '序列号',
  order: '工单',
  recipe: '配方',
  registrationId: '注册 ID',
  state: '状态',
  standings: {
    waiting: '待制造',
    finished: '已完成',
    quarantined: '已隔离',
    shipped: '已发货',
    scrapped: '已报废',
  },
  since: '时间',
  credential: '凭据',
  replacing: '下一次运行会写入另一份凭据。',
  packing: '发货之前',
  checks: {
    key: '背书密钥已有记录',
    validity: '证书有效期足够',
    receipt: '云端认识它',
    cloud: '在云端未被禁用',
    label: '标签已扫描',
  },
  holds: '是',
  fails: '否',
  acts: {
    release: '解除隔离',
    rework: '重新制造',
    replace: '更换凭据',
    scrap: '报废',
    ship: '发货',
  },
  release: {
    title: '将 {serial} 解除隔离？',
    means: '它将等待下一次运行。为什么可以继续？理由会留在审计记录里：不要写名称。',
    reason: '理由',
  },
  rework: {
    title: '重新制造 {serial}？',
    means: '它将再次经过产线，并得到同一凭据。在此之前视为未制造。',
  },
  replace: {
    title: '为 {serial} 更换凭据？',
    means: '其密钥已不再保存。现在吊销其证书；下一次运行写入新凭据，并更改其云端条目。需要第二人同意。',
  },
  scrap: {
    title: '报废 {serial}？',
    means: '其证书将被吊销，云端条目将被禁用，不会再次制造。需要第二人同意。',
    reason: '理由',
    typed: '输入序列号以确认',
  },
  open: {
    title: '尚未了结',
    about: '凭据既未发货、也未作废、也未更换的产品：最早的工单在前。',
    none: '所有凭据均已了结。',
    made: '凭据生成时间',
  },
};
