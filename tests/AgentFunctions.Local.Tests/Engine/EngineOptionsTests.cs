using System.Globalization;
using AgentFunctions.Conformance.Observation;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Local.Tests.Engine;

public sealed class EngineOptionsTests
{
    public static TheoryData<string, long, long> Ranges => new()
    {
        { nameof(EngineOptions.MaxActivities), 1, 100_000 },
        { nameof(EngineOptions.MaxIdleInMemory), 0, 10_000_000 },
        { nameof(EngineOptions.CompactionBytes), 64 * 1024, 1L << 40 },
    };

    [Fact]
    public void Validate_Defaults_AreValid() => new EngineOptions().Validate();

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Validate_AtTheBounds_IsValid(string name, long least, long most)
    {
        With(name, least).Validate();
        With(name, most).Validate();
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Validate_BeyondTheBounds_NamesTheSettingItsValueAndTheRange(string name, long least, long most)
    {
        foreach (var wrong in new[] { least - 1, most + 1 })
        {
            var refused = Assert.Throws<ArgumentException>(() => With(name, wrong).Validate());

            Assert.All(new[] { name, Text(wrong), Text(least), Text(most) }, part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
            Assert.Equal(name, refused.ParamName);
        }
    }

    [Fact]
    public void LocalEngine_WithASettingOutsideItsRange_DoesNotStart() =>
        Assert.Contains("MaxActivities is 0", Assert.Throws<ArgumentException>(() => new LocalEngine(TestCatalog.Build(_ => { }), new TestServices(new Ledger()), new MemoryJournalStorage(), new JournalOptions(), new EngineOptions { MaxActivities = 0 }, TimeProvider.System, NullLoggerFactory.Instance)).Message, StringComparison.Ordinal);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static EngineOptions With(string name, long value) => name switch
    {
        nameof(EngineOptions.MaxActivities) => new EngineOptions { MaxActivities = (int)value },
        nameof(EngineOptions.MaxIdleInMemory) => new EngineOptions { MaxIdleInMemory = (int)value },
        _ => new EngineOptions { CompactionBytes = value },
    };
}
