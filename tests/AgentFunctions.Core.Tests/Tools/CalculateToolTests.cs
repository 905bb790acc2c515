using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Tests.Tools;

public sealed class CalculateToolTests
{
    private static readonly CalculateTool tool = new();

    [Theory]
    [InlineData("1+2", "3")]
    [InlineData("(1 + 2) * 3.5", "10.5")]
    [InlineData("0.1 + 0.2", "0.3")]
    [InlineData("7/2", "3.5")]
    [InlineData("6/2", "3")]
    [InlineData("1/3", "0.3333333333333333333333333333")]
    [InlineData("-(2+3)*-4", "20")]
    [InlineData("5--3", "8")]
    [InlineData("2-3-4", "-5")]
    [InlineData("-.5", "-0.5")]
    [InlineData("1.", "1")]
    [InlineData("50000*50000", "2500000000")]
    [InlineData("9007199254740993 * 1", "9007199254740993")]
    [InlineData("1.50 + 1.00", "2.5")]
    [InlineData("100 * 1", "100")]
    [InlineData("17 % 5", "2")]
    [InlineData("3000000000 % 7", "4")]
    [InlineData("2 * 7 % 4", "2")]
    [InlineData("1.5e3", "1500")]
    [InlineData("1E3 + 1", "1001")]
    [InlineData("0", "0")]
    [InlineData("1\n+ 2", "3")]
    public async Task Invoke_Arithmetic_IsComputed(string expression, string expected)
    {
        var value = await CallAsync(expression);
        Assert.Equal(expected, value.GetRawText());
    }

    [Theory]
    [InlineData("1/0", "divides by zero")]
    [InlineData("1.5/(2-2)", "divides by zero")]
    [InlineData("5 % 0", "divides by zero")]
    [InlineData("1e308*10", "not finite")]
    [InlineData("1e0/0", "not finite")]
    [InlineData("1e999", "not finite")]
    [InlineData("79228162514264337593543950335 + 1", "too large")]
    [InlineData("9223372036854775807 % 2 + 9223372036854775807", "too large")]
    [InlineData("7.5 % 2", "whole numbers only")]
    [InlineData("1.2.3", "can't evaluate")]
    [InlineData("2 3", "can't evaluate")]
    [InlineData("2**3", "can't evaluate")]
    [InlineData("(1", "closing parenthesis")]
    [InlineData("1)", "can't evaluate")]
    [InlineData("()", "can't evaluate")]
    [InlineData("1e", "badly written")]
    [InlineData("e", "badly written")]
    [InlineData(".", "badly written")]
    [InlineData("Column1 + 1", "'C' at 0 is not allowed")]
    [InlineData("Sum(x)", "'S' at 0 is not allowed")]
    [InlineData("IIF(1=1,2,3)", "'I' at 0 is not allowed")]
    [InlineData("[a]", "'[' at 0 is not allowed")]
    [InlineData("'a'+'b'", "''' at 0 is not allowed")]
    [InlineData("1,5", "',' at 1 is not allowed")]
    [InlineData("1 = 1", "'=' at 2 is not allowed")]
    [InlineData("#2020-01-01#", "'#' at 0 is not allowed")]
    [InlineData("١+١", "is not allowed")]
    public async Task Invoke_NoArithmetic_SaysWhy(string expression, string why) =>
        Assert.Contains(why, await tool.RefusalAsync(JsonSerializer.Serialize(new { expression })), StringComparison.Ordinal);

    [Fact]
    public async Task Invoke_TooLong_NamesTheLimit() =>
        Assert.Contains("at most 1000", await tool.RefusalAsync(JsonSerializer.Serialize(new { expression = new string('1', 1001) })), StringComparison.Ordinal);

    [Fact]
    public async Task Invoke_Blank_IsRefused() => Assert.Contains("empty 'expression'", await tool.RefusalAsync("""{"expression":" "}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData('(')]
    [InlineData('-')]
    public async Task Invoke_NestedTooDeeply_SaysSo(char open) =>
        Assert.Contains("nested too deeply", await tool.RefusalAsync(JsonSerializer.Serialize(new { expression = new string(open, 400) + "1" })), StringComparison.Ordinal);

    [Fact]
    public async Task Invoke_LongestSum_IsComputed() => Assert.Equal(500, (await CallAsync(string.Join('+', Enumerable.Repeat("1", 500)))).GetInt32());

    [Fact]
    public async Task Invoke_CultureWithDecimalComma_StillUsesPoints()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Equal("3.75", (await CallAsync("1.5 * 2.5")).GetRawText());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static Task<JsonElement> CallAsync(string expression) => tool.CallAsync(JsonSerializer.Serialize(new { expression }));
}
