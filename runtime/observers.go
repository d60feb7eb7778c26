package guard

import "context"

// Observers makes one [Options].OnDecision of several. Each is told every decision, in this order, also when one before it
// panics. A nil one is left out.
func Observers(observers ...func(context.Context, Event)) func(context.Context, Event) {
	var told []func(context.Context, Event)
	for _, o := range observers {
		if o != nil {
			told = append(told, o)
		}
	}
	return func(ctx context.Context, e Event) { tellAll(ctx, e, told) }
}

// tellAll tells the first observer, and the others whatever becomes of it.
func tellAll(ctx context.Context, e Event, observers []func(context.Context, Event)) {
	if len(observers) == 0 {
		return
	}
	defer tellAll(ctx, e, observers[1:])
	observers[0](ctx, e)
}
