namespace AgentFunctions.Core.Limiting;

/// <summary>What becomes of permits.</summary>
internal interface IPermitLedger
{
    /// <summary>The call was made.</summary>
    /// <param name="permit">The permit.</param>
    /// <param name="excess">By how many tokens more (above 0) or less (below) it used than it asked for.</param>
    void Settle(HeldPermit permit, double excess);

    /// <summary>The call was not made.</summary>
    /// <param name="permit">The permit.</param>
    /// <param name="tokens">The tokens that it asked for.</param>
    void Return(HeldPermit permit, double tokens);

    /// <summary>The call was refused.</summary>
    /// <param name="permit">The permit.</param>
    /// <param name="tokens">The tokens that it asked for.</param>
    /// <param name="retryAfter">For how long the provider asks for quiet.</param>
    void Refuse(HeldPermit permit, double tokens, TimeSpan retryAfter);
}
