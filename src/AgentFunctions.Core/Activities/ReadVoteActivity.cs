using System.Text;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Voting;

namespace AgentFunctions.Core.Activities;

/// <summary>Reads what a stored answer votes for, so that a long answer does not cross history to be counted. Changes nothing.</summary>
/// <param name="store">Where it is.</param>
public sealed class ReadVoteActivity(IContentStore store) : Activity<VoteRequest, AnswerVote>
{
    /// <inheritdoc/>
    /// <exception cref="ContentNotFoundException">The store does not hold the answer.</exception>
    /// <exception cref="PermanentFailureException">There is no address, or the pattern is no regular expression that runs in linear time.</exception>
    public override async Task<AnswerVote> RunAsync(ActivityContext context, VoteRequest input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!input.Answer.IsValid()) throw new PermanentFailureException($"'{input.Answer.Sha256}' ({input.Answer.Length} bytes) is no content address. Use 64 lower-case hexadecimal digits and a length that is not negative.");
        var text = Encoding.UTF8.GetString((await store.GetAsync(input.Answer, cancellationToken)).Span);
        return new(input.Extract.VoteOf(text));
    }
}

/// <summary>Whose vote to read.</summary>
/// <param name="Answer">Where the answer is.</param>
/// <param name="Extract">Which part of it is voted on.</param>
public sealed record VoteRequest(ContentRef Answer, AnswerExtraction Extract);

/// <summary>What an answer votes for.</summary>
/// <param name="Vote">The form of the answer in which equal answers are equal, or null where it casts no vote.</param>
public sealed record AnswerVote(string? Vote);
