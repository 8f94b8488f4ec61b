import Testing
import Values

@Suite struct LocalClockTests {
  @Test(arguments: [
    "UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "Pacific/Apia", "Africa/Casablanca",
  ])
  func `A clock shows what its zone says, wherever it was before`(name: String) throws {
    let zone = try #require(TimeZoneRules(named: name))
    let limits = -62_000_000_000_000_000...Int64(250_000_000_000_000_000)
    var clock = LocalClock(zone, within: limits)
    var time: Int64 = 1_700_000_000_000_000
    for step in 0..<4000 {
      // Hours further, and now and then decades away.
      time = step % 97 == 0 ? Int64(step) * 900_000_000_000 - 1_500_000_000_000_000 : time + 3_599_000_001
      #expect(clock.local(time) == zone.local(time))
      #expect(clock.day(time) == zone.day(time))
    }
  }

  @Test func `Times outside count as the nearest inside`() {
    var clock = LocalClock(.utc, within: 0...1_000_000)
    #expect(clock.local(.min) == 0)
    #expect(clock.local(.max) == 1_000_000)
    #expect(clock.day(.min) == 0)
    #expect(clock.local(5) == 5)
  }
}
