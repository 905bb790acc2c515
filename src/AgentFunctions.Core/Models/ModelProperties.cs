namespace AgentFunctions.Core.Models;

/// <summary>The names of what we add to the properties of chat options and chat responses.</summary>
public static class ModelProperties
{
    /// <summary>In ChatOptions.AdditionalProperties: the <see cref="ModelPurpose"/>, as the enum or its name. It is never sent to a provider.</summary>
    public const string Purpose = "agentfunctions.purpose";

    /// <summary>In ChatOptions.AdditionalProperties: a text that is equal for calls whose prompts begin alike, such as the turns of a conversation. They go to one deployment, which has read that beginning before.</summary>
    public const string Affinity = "agentfunctions.affinity";

    /// <summary>In the options of a chat or an embedding: the <see cref="Durable.RunPriority"/> of the run that it is for, by which calls wait their turn. Default: workflow. It is never sent to a provider.</summary>
    public const string Priority = "agentfunctions.priority";

    /// <summary>In the options of a chat or an embedding: the instance ID of the run that it is for, by which its tenant and its account are known. It is never sent to a provider.</summary>
    public const string Run = "agentfunctions.run";

    /// <summary>In the options of a chat or an embedding: the <see cref="Policies.Budgets.BudgetLimit"/> that the run under <see cref="Run"/> was started with. Default: none. It is never sent to a provider.</summary>
    public const string Budget = "agentfunctions.budget";

    /// <summary>In ChatResponse.AdditionalProperties: a remark that must reach whoever reads the answer. It becomes <see cref="ModelReply.Notice"/>.</summary>
    public const string Notice = "agentfunctions.notice";

    /// <summary>In the options of a chat or an embedding: the <see cref="Caching.ModelCacheScope"/>. Without one nothing is cached. It is never sent to a provider.</summary>
    public const string CacheScope = "agentfunctions.cache-scope";

    /// <summary>In ChatResponse.AdditionalProperties, and in those of an embedding: the <see cref="Core.Caching.CacheNote"/> of an answer that came from the cache.</summary>
    public const string CacheNote = "agentfunctions.cache-note";

    /// <summary>In ChatOptions.AdditionalProperties: the <see cref="Policies.Routing.AnswerCheck"/> that the answer must pass. It is never sent to a provider, and is no part of a cache's key: a kept answer is checked as any other.</summary>
    public const string Accept = "agentfunctions.accept";

    /// <summary>In ChatOptions.AdditionalProperties: what is asked, without the material that it is asked of; how hard it is is told from it. Default: what the user said last. It is never sent to a provider.</summary>
    public const string Task = "agentfunctions.task";

    /// <summary>In ChatResponse.AdditionalProperties, or in those of a stream's last update: the <see cref="Routing.ModelRoute"/> of an answer that more than one model could have given.</summary>
    public const string Route = "agentfunctions.route";

    /// <summary>In ChatResponse.AdditionalProperties, or in those of a stream's last update: the <see cref="Durable.Cost"/> of all the models that were asked for the answer, where that is not the cost of the answer alone.</summary>
    public const string Cost = "agentfunctions.cost";
}
