using System.Globalization;
using System.Text.Json;

namespace AgentFunctions.Benchmarks.Patterns;

/// <summary>Real times, and what they are in a benchmark that runs so many times faster.</summary>
/// <param name="Scale">How many times faster; 1 is real time.</param>
internal sealed record Pace(double Scale)
{
    /// <summary>Real milliseconds in the benchmark's.</summary>
    public int Of(double milliseconds) => (int)Math.Round(milliseconds / Scale);

    /// <summary>A real duration in the benchmark's.</summary>
    public TimeSpan Time(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds / Scale);

    /// <summary>A call of the tool that waits.</summary>
    public object Work(double milliseconds, object value) => new { milliseconds = Of(milliseconds), value };

    /// <summary>Instructions by which the simulated model says so many tokens, whatever it is asked.</summary>
    public static string Says(int tokens, string beginning = "Noted. ") => Script(new { text = Words(tokens, beginning) });

    /// <summary>Instructions by which the simulated model takes these turns.</summary>
    public static string Script(params object[] turns) => "simulate:" + JsonSerializer.Serialize(new { turns });

    /// <summary>A text of so many tokens.</summary>
    public static string Words(int tokens, string beginning = "Noted. ")
    {
        var text = beginning + string.Concat(Enumerable.Range(0, tokens).Select(i => string.Create(CultureInfo.InvariantCulture, $"w{i % 100:00} ")));
        return text[..((tokens * 4) - 1)].TrimEnd() + ".";
    }

    public override string ToString() => Scale == 1 ? "real time" : string.Create(CultureInfo.InvariantCulture, $"1/{Scale:0.##} of real times");
}
