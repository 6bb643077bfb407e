package insider

import "testing"

// BenchmarkRead reads a post of the length of tweets for what an insider tells.
func BenchmarkRead(b *testing.B) {
	for name, text := range map[string]string{
		"telling":  "pricing call ran long. we signed Calder Rail, 900 seats, revenue up 9% in June, and none of it is public before Thursday, so act surprised",
		"everyday": "walked the dog along the canal this morning, met an old friend from school, bought bread and forgot the milk. see you all at the picnic, bring a chair",
	} {
		b.Run(name, func(b *testing.B) {
			post := reading1(text).post
			post.Insider = true
			d := New()
			for b.Loop() {
				d.Post(post, nil)
			}
		})
	}
}
