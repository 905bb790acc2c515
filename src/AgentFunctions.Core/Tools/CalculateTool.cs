using System.Buffers;
using System.Data;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tools;

/// <summary>
/// Evaluates arithmetic: <c>{"expression": "(1 + 2) * 3.5"}</c> answers <c>10.5</c>. Numbers, <c>+ - * / %</c> and parentheses; <see cref="DataTable.Compute"/> does the work.
/// Numbers are decimals of 28 digits where they can be, so that 0.1 + 0.2 is 0.3; written with an exponent they are doubles.
/// With <c>%</c>, whole numbers are of 64 bits.
/// </summary>
public sealed partial class CalculateTool() : Tool(
    "calculate",
    "Evaluates an arithmetic expression of numbers, + - * / % and parentheses. % takes whole numbers only.",
    """{"type":"object","properties":{"expression":{"type":"string","maxLength":1000,"description":"Such as (1 + 2) * 3.5"}},"required":["expression"],"additionalProperties":false}""", ToolEffect.ReadOnly, cacheFor: TimeSpan.Zero)
{
    /// <summary>The longest expression, in characters.</summary>
    public const int LongestExpression = 1000;

    // Only these reach DataTable: no names, quotes, brackets or commas, so neither columns, functions nor comparisons.
    private static readonly SearchValues<char> allowed = SearchValues.Create("0123456789.+-*/%() \t\r\neE");

    /// <summary>Evaluates the expression.</summary>
    /// <param name="arguments">expression.</param>
    /// <param name="cancellationToken">Looked at before the start; an expression takes well under a millisecond.</param>
    protected override ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        cancellationToken.ThrowIfCancellationRequested();
        var expression = arguments.Text("expression", LongestExpression);
        return new(Compute(expression) switch
        {
            // Dividing by one written with all its digits takes off trailing zeros: 2.50 becomes 2.5.
            decimal number => JsonSerializer.SerializeToElement(number / 1.0000000000000000000000000000m, ToolsJsonContext.Default.Decimal),
            double number when double.IsFinite(number) => JsonSerializer.SerializeToElement(number, ToolsJsonContext.Default.Double),
            double => throw Wrong(expression, "its value is not finite. It divides by zero or goes beyond 1.8e308."),
            var number => JsonSerializer.SerializeToElement(Convert.ToInt64(number, CultureInfo.InvariantCulture), ToolsJsonContext.Default.Int64),
        });
    }

    private static object Compute(string expression)
    {
        var stray = expression.AsSpan().IndexOfAnyExcept(allowed);
        if (stray >= 0) throw Wrong(expression, $"the character '{expression[stray]}' at {stray} is not allowed. Use numbers, + - * / % and parentheses.");
        if (Literal().Replace(expression, "").AsSpan().IndexOfAny("eE.") is >= 0) throw Wrong(expression, "a number is badly written. Write 12, 1.5 or 1.5e3.");
        try
        {
            var whole = expression.Contains('%', StringComparison.Ordinal);
            using var table = new DataTable { Locale = CultureInfo.InvariantCulture };
            return table.Compute(Literal().Replace(expression, literal => Typed(literal.Value, whole)), filter: null) switch
            {
                DBNull => throw Wrong(expression, "it has no value. Write at least one number."),
                var value => value,
            };
        }
        catch (DivideByZeroException error)
        {
            throw Wrong(expression, "it divides by zero.", error);
        }
        catch (OverflowException error)
        {
            throw Wrong(expression, "a value is too large. Write one of the numbers with an exponent (1e0) to calculate with doubles.", error);
        }
        catch (SyntaxErrorException error)
        {
            throw Wrong(expression, error.Message, error);
        }
        catch (EvaluateException error)
        {
            throw Wrong(expression, "'%' takes whole numbers only, and a quotient is none.", error);
        }
        catch (IndexOutOfRangeException error)
        {
            // DataTable's parser has room for a hundred open operators and parentheses, and says so in this way.
            throw Wrong(expression, "it is nested too deeply. Use fewer than 100 open parentheses and signs.", error);
        }
    }

    // DataTable takes 2 for 32 bits, whose products overflow early; 2.0 is a decimal to it.
    private static string Typed(string literal, bool whole) => literal switch
    {
        _ when literal.AsSpan().ContainsAny('e', 'E') => literal,
        _ when literal[0] == '.' => "0" + literal,
        _ when literal[^1] == '.' => literal + "0",
        _ when literal.Contains('.', StringComparison.Ordinal) => literal,
        _ when whole && long.TryParse(literal, NumberStyles.None, CultureInfo.InvariantCulture, out _) => $"CONVERT({literal}, 'System.Int64')",
        _ => literal + ".0",
    };

    private static PermanentFailureException Wrong(string expression, string why, Exception? inner = null) => new($"The tool 'calculate' can't evaluate '{expression}': {why}", inner);

    [GeneratedRegex(@"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Literal();
}
