import { type ReactElement, useState } from 'react';
import { ImportOrder } from './import.tsx';
import { OrderList } from './list.tsx';
import { OrderPage } from './order.tsx';

/** What of the orders is looked at. */
type View = { readonly is: 'list' } | { readonly is: 'import' } | { readonly is: 'order'; readonly name: string };

/** What is to be made, what was made of it, and what waits for a person. */
export default function Orders(): ReactElement {
  const [view, setView] = useState<View>({ is: 'list' });
  const open = (name: string) => setView({ is: 'order', name });
  const back = () => setView({ is: 'list' });
  switch (view.is) {
    case 'list':
      return <OrderList onOpen={open} onImport={() => setView({ is: 'import' })} />;
    case 'import':
      return <ImportOrder onCreated={open} onCancel={back} />;
    case 'order':
      return <OrderPage key={view.name} name={view.name} onBack={back} />;
  }
}
