using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Tests.Models;

public sealed class OfflineChoiceTests
{
    private const string DescribedLabels = """
        Classify the ticket. Answer with the label only.
        - billing: invoices, payments, refunds, charges on a card
        - outage: the service is down, errors, timeouts, cannot connect
        - feature: a wish for something new, an addition, an idea
        """;

    [Theory]
    [InlineData("I was charged twice this month and want a refund on my card.", "billing")]
    [InlineData("Nothing loads since noon, every page times out with errors.", "outage")]
    [InlineData("It would be a good idea to add a dark mode, please consider this new feature.", "feature")]
    public async Task Classify_DescribedLabels_PicksTheOneWhoseWordsTheTextHas(string text, string label) => Assert.Equal(label, await OfflineAsk.AskAsync(ModelPurpose.Classify, DescribedLabels, text));

    [Theory]
    [InlineData("Label the message with one of: sports, politics, weather.")]
    [InlineData("Labels: sports | politics | weather")]
    [InlineData("Classify the text as sports, politics or weather. Answer with the label alone.")]
    [InlineData("Answer with exactly one label: \"sports\", \"politics\", or \"weather\".")]
    public async Task Classify_ListedLabels_ReturnsOneOfThem(string task) => Assert.Equal("weather", await OfflineAsk.AskAsync(ModelPurpose.Classify, task, "The weather turned: heavy rain is expected all week."));

    [Fact]
    public async Task Classify_NoEvidence_ReturnsTheFirstLabel() => Assert.Equal("billing", await OfflineAsk.AskAsync(ModelPurpose.Classify, DescribedLabels, "Zzz."));

    [Fact]
    public async Task Classify_NoLabels_IsRefused()
    {
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => OfflineAsk.AskAsync(ModelPurpose.Classify, "Classify this.", "A text."));
        Assert.Contains("labels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rank_Candidates_OrdersThemByTheQuestion() => Assert.Equal("2, 3, 1", await OfflineAsk.AskAsync(
        ModelPurpose.Rank,
        "How do I reset a forgotten password?",
        "Our office is open from nine to five.",
        "To reset a forgotten password, open the sign-in page and choose Reset password.",
        "A password must have twelve characters."));

    [Fact]
    public async Task Rank_QuestionAsPart_IsNoCandidate() => Assert.Equal("2, 1", await OfflineAsk.AskAsync(ModelPurpose.Rank, "Order the passages by relevance.", "# Question\n\nWhere are lighthouses built?", "Bread is baked from flour.", "Lighthouses are built on headlands."));

    [Theory]
    [InlineData("[1] Bread is baked.\n[2] Lighthouses guide ships.\n[3] Ships sail.")]
    [InlineData("1. Bread is baked.\n2. Lighthouses guide ships.\n3. Ships sail.")]
    [InlineData("Bread is baked.\n\nLighthouses guide ships.\n\nShips sail.")]
    public async Task Judge_CandidatesInOnePart_ReturnsANumber(string candidates) => Assert.Equal("2", await OfflineAsk.AskAsync(ModelPurpose.Judge, "What do lighthouses do for ships?", candidates));

    [Fact]
    public async Task Judge_Majority_Wins() => Assert.Equal("2", await OfflineAsk.AskAsync(ModelPurpose.Judge, "What is six times seven?", "41", "42", "42.", "7"));

    [Fact]
    public async Task Judge_EmptyCandidates_NeverWins() => Assert.Equal("2", await OfflineAsk.AskAsync(ModelPurpose.Judge, "Question?", "[1]\n[2] A proper answer.\n[3] "));

    [Fact]
    public async Task Judge_OneCandidate_IsTheFirst() => Assert.Equal("1", await OfflineAsk.AskAsync(ModelPurpose.Judge, "Question?", "The only answer."));

    [Fact]
    public async Task Judge_NoCandidates_IsRefused() => await Assert.ThrowsAsync<PermanentFailureException>(() => OfflineAsk.AskAsync(ModelPurpose.Judge, "Question?", ""));

    [Fact]
    public async Task Judge_ManyCandidates_ReturnsAValidNumberAlways()
    {
        for (var count = 1; count <= 30; count++)
        {
            var candidates = Enumerable.Range(0, count).Select(i => $"Candidate about topic {i * 7 % 11} with detail {i}.").ToArray();
            var number = int.Parse(await OfflineAsk.AskAsync(ModelPurpose.Judge, "Which is about topic 3?", candidates), System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(number, 1, count);
        }
    }
}
