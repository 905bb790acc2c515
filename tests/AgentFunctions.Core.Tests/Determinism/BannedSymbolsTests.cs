namespace AgentFunctions.Core.Tests.Determinism;

/// <summary>
/// BannedSymbols.txt is a list of names that nothing checks: a misspelt one bans nothing. So every entry has a marked line in the probe, and
/// the probe is built: each marked line must fail for its own entry's reason, and no other line may fail.
/// </summary>
public sealed class BannedSymbolsTests(ProbeBuild build) : IClassFixture<ProbeBuild>
{
    private const string Mark = "// banned: ";
    private const string EveryBan = "Orchestrations/EveryBan.cs";

    public static TheoryData<string> Groups => [.. Entries().Select(e => e.Group).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Groups))]
    public void BannedSymbols_OrchestrationUsesOne_FailsTheBuild(string group)
    {
        var marks = Marks().Where(m => m.File == EveryBan).ToLookup(m => m.Id, StringComparer.Ordinal);
        var entries = Entries().Where(e => e.Group == group).ToList();

        Assert.NotEmpty(entries);
        Assert.All(entries, entry =>
        {
            var mark = Assert.Single(marks[entry.Id]);
            Assert.Contains(build.Errors, e => e.File == EveryBan && e.Line == mark.Line && e.Code == "RS0030" && e.Text.Contains($"in this project: {entry.Reason}", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void BannedSymbols_WholeProbe_FailsAtEveryMarkedLineAndAtNoOther()
    {
        Assert.NotEqual(0, build.ExitCode);
        Assert.All(build.Errors, e => Assert.Equal("RS0030", e.Code));
        Assert.Equal(
            Marks().Select(m => $"{m.File}:{m.Line}").Order(StringComparer.Ordinal),
            build.Errors.Select(e => $"{e.File}:{e.Line}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("Policies/")]
    [InlineData("Entities/")]
    public void BannedSymbols_PolicyOrEntityUsesOne_FailsTheBuild(string folder) =>
        Assert.Contains(build.Errors, e => e.File.StartsWith(folder, StringComparison.Ordinal) && e.Code == "RS0030");

    [Fact]
    public void BannedSymbols_ActivityUsesOne_Builds() => Assert.DoesNotContain(build.Errors, e => e.File.StartsWith("Activities/", StringComparison.Ordinal));

    [Fact]
    public void BannedSymbols_Entries_AreNotRepeated() => Assert.Empty(Entries().GroupBy(e => e.Id, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key));

    private static List<(string Group, string Id, string Reason)> Entries()
    {
        var entries = new List<(string Group, string Id, string Reason)>();
        var group = "";
        foreach (var line in File.ReadLines(Path.Combine(ProbeBuild.Root, "BannedSymbols.txt")))
        {
            if (line.StartsWith("//", StringComparison.Ordinal))
            {
                group = line[2..].Trim();
            }
            else if (line.Split(';', 2) is [var id, var reason])
            {
                entries.Add((group, id, reason));
            }
        }

        return entries;
    }

    private static List<(string File, int Line, string Id)> Marks() =>
        [.. from folder in (string[])["Orchestrations", "Policies", "Entities", "Activities"]
            from file in Directory.GetFiles(Path.Combine(ProbeBuild.Project, folder), "*.cs")
            from line in File.ReadLines(file).Select((text, i) => (Text: text, Number: i + 1))
            let at = line.Text.IndexOf(Mark, StringComparison.Ordinal)
            where at >= 0
            select (Path.GetRelativePath(ProbeBuild.Project, file).Replace('\\', '/'), line.Number, line.Text[(at + Mark.Length)..].Trim())];
}
