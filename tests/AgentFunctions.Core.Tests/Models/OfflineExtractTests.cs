using System.Diagnostics;
using System.Text;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models;

public sealed class OfflineExtractTests
{
    private const string Harbour = """
        # Annual report of the harbour

        The harbour of Ostend handled nine million tonnes of cargo last year. Fishing boats landed twelve thousand tonnes of fish at the harbour.
        The weather was often grey. Cargo traffic in the harbour grew by eleven percent because the new container terminal opened in March.
        A seagull stole a sandwich from the harbour master. The container terminal cost forty million euros, and the harbour paid for it with a loan over twenty years.
        Many visitors took photographs. The harbour expects cargo traffic to grow again when the railway to the container terminal is finished.

        | year | tonnes |
        |------|--------|
        | 2023 | 8.1    |

        ```
        SELECT tonnes FROM harbour;
        ```

        Next page
        """;

    [Fact]
    public async Task Summarize_Task_PicksWhatItAsksFor()
    {
        var summary = (await OfflineAsk.ResponseAsync(ModelPurpose.Summarize, "Summarize what the text says about the container terminal's cost and loan.", maxTokens: 40, Harbour)).Text;
        Assert.Contains("forty million euros", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("seagull", summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Summarize_NoTaskTerms_PicksTheCentralSentence()
    {
        var summary = (await OfflineAsk.ResponseAsync(ModelPurpose.Summarize, "Summarize.", maxTokens: 40, Harbour)).Text;
        Assert.Matches("cargo|Cargo", summary);
        Assert.DoesNotContain("photographs", summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Summarize_Boilerplate_IsLeftOut()
    {
        var summary = await OfflineAsk.AskAsync(ModelPurpose.Summarize, "Summarize.", Harbour);
        Assert.All(["#", "|", "SELECT", "```", "Next page", "Annual report"], boilerplate => Assert.DoesNotContain(boilerplate, summary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Summarize_Sentences_AreFromTheTextInItsOrderAndNoneTwice()
    {
        var text = string.Join(' ', Enumerable.Range(1, 60).Select(i => $"Ship number {i} of company {i % 7} carried {i * 3} tonnes of {Goods(i)} to port {i % 5}. The same notice closes every entry."));
        var summary = await OfflineAsk.AskAsync(ModelPurpose.Summarize, "Summarize the ships and their goods.", text);
        var sentences = summary.Split(". ").Select(sentence => sentence.TrimEnd('.')).ToList();
        var places = sentences.Select(sentence => text.IndexOf(sentence, StringComparison.Ordinal)).ToList();
        Assert.True(sentences.Count > 1, summary);
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.Equal(sentences.Distinct(StringComparer.Ordinal), sentences, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(200)]
    public async Task Summarize_MaxOutputTokens_IsKept(int maxTokens)
    {
        var response = await OfflineAsk.ResponseAsync(ModelPurpose.Summarize, "Summarize.", maxTokens, Harbour);
        Assert.NotEmpty(response.Text);
        Assert.InRange(TokenEstimate.Count(response.Text), 1, maxTokens);
    }

    [Fact]
    public async Task Summarize_NothingFits_CutsAtAWordAndSaysLength()
    {
        var response = await OfflineAsk.ResponseAsync(ModelPurpose.Summarize, "Summarize.", 5, Harbour);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.EndsWith("…", response.Text, StringComparison.Ordinal);
        Assert.Contains(response.Text.TrimEnd('…') + " ", Harbour.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Summarize_Abbreviations_DoNotEndSentences()
    {
        const string Text = "Mr. J. P. Smith of the U.S. Treasury met Dr. Jones on Jan. 3 in St. Louis to discuss approx. 4.5 tonnes of gold. The gold of the Treasury is kept in St. Louis.";
        var summary = await OfflineAsk.AskAsync(ModelPurpose.Summarize, "Summarize.", Text);
        Assert.Equal(Text, summary);
    }

    [Fact]
    public async Task Summarize_HeadingsThatLostTheirLine_AreLeftOut()
    {
        const string Text = "ANNUAL REPORT\nMay 3, 1901\nFellow-Citizens:\nThe railway between the two coasts of the country was finished in the spring after six years of hard work.\n\nWORKS OF PEACE My last call is addressed to the people of the coasts, who built the railway.";
        Assert.Equal("The railway between the two coasts of the country was finished in the spring after six years of hard work. My last call is addressed to the people of the coasts, who built the railway.", await OfflineAsk.AskAsync(ModelPurpose.Summarize, "Summarize.", Text));
    }

    [Fact]
    public async Task Summarize_FramedTask_GoesByTheTaskNotTheFrame()
    {
        var summary = (await OfflineAsk.ResponseAsync(ModelPurpose.Summarize, "You are given one part of a larger text about seagulls and weather and photographs.\n\nTask: What did the container terminal cost?", maxTokens: 35, Harbour)).Text;
        Assert.Contains("forty million euros", summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Combine_SeveralParts_TakesFromMoreThanOneInParagraphs()
    {
        var combined = await OfflineAsk.AskAsync(ModelPurpose.Combine, "Combine the partial summaries.",
            "# First\n\nThe railway between the cities was finished in the spring after six years of work. Trains run every hour.",
            "# Second\n\nThe national budget was balanced for the first time in ten years because exports doubled.",
            "# Third\n\nA treaty with the neighbouring kingdom settled the border along the river for good.");
        Assert.Contains("railway", combined, StringComparison.Ordinal);
        Assert.Contains("budget", combined, StringComparison.Ordinal);
        Assert.Contains("treaty", combined, StringComparison.Ordinal);
        Assert.Contains("\n\n", combined, StringComparison.Ordinal);
        Assert.DoesNotContain("# First", combined, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Combine_PartsThatSayTheSame_SaysItOnce()
    {
        var combined = await OfflineAsk.AskAsync(ModelPurpose.Combine, "Combine.",
            "The railway between the cities was finished in the spring.",
            "In the spring the railway between the cities was finished.",
            "Wheat prices fell by half in the autumn after the harvest.");
        Assert.Equal(2, combined.Split("\n\n").Length);
        Assert.Contains("Wheat", combined, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_QuestionWithText_AnswersOutOfIt()
    {
        var answer = (await OfflineAsk.ResponseAsync(ModelPurpose.Answer, "Answer the question.", maxTokens: 45, Harbour + "\n\nHow many euros did the container terminal cost?")).Text;
        Assert.Contains("forty million euros", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("?", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_QuestionWithoutText_SaysThatItHasNone()
    {
        var answer = await OfflineAsk.AskAsync(ModelPurpose.Answer, "Answer.", "What is the capital of Belgium?");
        Assert.Contains("only out of texts", answer, StringComparison.Ordinal);
        Assert.Contains("What is the capital of Belgium?", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n\n  ")]
    public async Task Summarize_EmptyText_SaysSo(string text) => Assert.Equal("The text is empty.", await OfflineAsk.AskAsync(ModelPurpose.Summarize, "Summarize.", text));

    [Theory]
    [InlineData("# Only a heading")]
    [InlineData("```\nint x = 1;\n```")]
    [InlineData("| a | b |\n|---|---|\n| 1 | 2 |")]
    [InlineData("12345")]
    [InlineData("!!! ??? ...")]
    [InlineData("😀😀😀")]
    [InlineData("```\nan unclosed fence swallows the rest of the text")]
    public async Task Summarize_NoProse_StillAnswersOutOfTheText(string text) => Assert.NotEmpty(await OfflineAsk.AskAsync(ModelPurpose.Summarize, "Summarize.", text));

    [Theory]
    [InlineData("这座港口去年处理了九百万吨货物。天气经常很灰暗。港口的集装箱码头花费了四千万欧元。游客拍了很多照片。", "集装箱码头的费用", "四千万欧元")]
    [InlineData("Порт обработал девять миллионов тонн груза. Погода была серой. Контейнерный терминал стоил порту сорок миллионов евро. Туристы фотографировали чаек весь день.", "стоимость терминала: терминал стоил", "сорок миллионов")]
    [InlineData("عالج الميناء تسعة ملايين طن من البضائع العام الماضي. كان الطقس رماديا في كثير من الأحيان هناك. كلفت محطة الحاويات الميناء أربعين مليون يورو. التقط الزوار صورا كثيرة للطيور.", "محطة الحاويات", "أربعين مليون")]
    public async Task Summarize_OtherScripts_PicksWhatTheTaskAsksFor(string text, string task, string expected)
    {
        var summary = (await OfflineAsk.ResponseAsync(ModelPurpose.Summarize, task, maxTokens: 40, text)).Text;
        Assert.Contains(expected, summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("word ")]
    [InlineData("単")]
    [InlineData("x")]
    [InlineData("<a ")]
    [InlineData("[a")]
    [InlineData("A. ")]
    [InlineData("😀")]
    [InlineData("| ")]
    public async Task Summarize_HundredKilobytesOfOneSentence_IsQuick(string unit)
    {
        var text = new StringBuilder().Insert(0, unit, 100_000 / unit.Length).ToString();
        await OfflineAsk.AskAsync(ModelPurpose.Summarize, "Summarize the words.", text[..1000]);
        var clock = Stopwatch.StartNew();
        Assert.NotEmpty(await OfflineAsk.AskAsync(ModelPurpose.Summarize, "Summarize the words.", text));
        // Far above what it takes, and far below what anything quadratic in the text would.
        Assert.InRange(clock.ElapsedMilliseconds, 0, 2000);
    }

    private static string Goods(int i) => (i % 4) switch { 0 => "wheat", 1 => "timber", 2 => "coal", _ => "wool" };
}
