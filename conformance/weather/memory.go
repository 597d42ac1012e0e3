package weather

// memory is a map that forgets: it holds at least the last memorySize keys put
// and at most twice as many. The zero value is empty.
type memory[V any] struct{ fresh, faded map[string]V }

const memorySize = 4096

func (m *memory[V]) get(key string) (V, bool) {
	if v, ok := m.fresh[key]; ok {
		return v, true
	}
	v, ok := m.faded[key]
	return v, ok
}

func (m *memory[V]) has(key string) bool {
	_, ok := m.get(key)
	return ok
}

func (m *memory[V]) put(key string, v V) {
	if m.fresh == nil || len(m.fresh) >= memorySize {
		m.fresh, m.faded = map[string]V{}, m.fresh
	}
	m.fresh[key] = v
}

func (m *memory[V]) drop(key string) {
	delete(m.fresh, key)
	delete(m.faded, key)
}
