namespace AgentFunctions.Core.Models;

/// <summary>How many tokens a model's answers have, lately: what an answer is thought to be whose call does not say how long it may be. Thread-safe.</summary>
internal sealed class AnswerLength
{
    /// <summary>What an answer is thought to be until there is one: 256 tokens.</summary>
    public const int FirstGuess = 256;

    // The average is over about the last 32 answers.
    private const double Weight = 1 / 32.0;

    private double average = FirstGuess;

    /// <summary>What an answer is thought to be.</summary>
    public double Expected => Volatile.Read(ref average);

    /// <summary>An answer has come. Two that come at once may lose one of them, which an average can bear.</summary>
    public void Note(long tokens) => Volatile.Write(ref average, average + ((tokens - average) * Weight));
}
