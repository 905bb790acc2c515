namespace AgentFunctions.Core.Tests.Policies.Semantics;

/// <summary>Pairs by template: opposites in frames, entities swapped, numbers shifted, small words exchanged.</summary>
internal static class GeneratedPairs
{
    private static readonly string[] OppositeVerbs =
    [
        .. """
        accept/reject accept/decline add/remove agree/disagree allow/forbid appear/disappear appoint/dismiss approve/disapprove arrive/depart arrive/leave ascend/descend assemble/disassemble attach/detach attack/defend authorise/revoke
        begin/end begin/finish bind/unbind borrow/lend build/destroy buy/sell charge/discharge charge/refund check/uncheck close/open compress/decompress confirm/deny connect/disconnect construct/demolish continue/stop create/delete
        create/destroy credit/debit cure/cause decode/encode decrypt/encrypt decrease/increase deflate/inflate demote/promote deny/grant deploy/undeploy deposit/withdraw deny/admit dial/hang disable/enable discourage/encourage dismiss/hire
        divide/multiply download/upload downgrade/upgrade eject/insert emigrate/immigrate empty/fill enlarge/shrink enter/exit enter/leave exclude/include expand/contract export/import fail/pass fasten/unfasten find/lose fire/hire fold/unfold
        follow/unfollow forget/remember freeze/thaw freeze/unfreeze gain/lose give/take grow/shrink harm/help hate/love heat/cool hide/reveal hide/show ignore/notice import/export improve/worsen inhale/exhale install/uninstall invest/divest
        join/leave keep/discard laugh/cry lead/follow lengthen/shorten lift/drop like/dislike link/unlink load/unload lock/unlock loosen/tighten lower/raise maximise/minimise merge/split mount/unmount mute/unmute obey/disobey open/shut pack/unpack
        pause/resume pay/owe permit/prohibit plug/unplug praise/criticise pull/push punish/reward push/pop quit/start raise/reduce receive/send register/deregister reject/approve release/hold repair/break reply/ask rise/fall save/spend
        save/delete screw/unscrew separate/join shorten/extend show/hide simplify/complicate sink/float slow/speed start/stop strengthen/weaken submit/withdraw subscribe/unsubscribe succeed/fail suspend/reinstate switch/keep teach/learn
        throw/catch tie/untie trust/distrust turn/return undo/redo unite/divide unwrap/wrap use/misuse vacate/occupy validate/invalidate verify/falsify win/lose wrap/unwrap zip/unzip
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    private static readonly string[] OppositeAdjectives =
    [
        .. """
        able/unable absent/present abundant/scarce active/inactive active/passive acute/chronic adequate/inadequate adult/minor alive/dead ancient/modern appropriate/inappropriate asleep/awake automatic/manual available/unavailable bad/good
        beautiful/ugly big/small bitter/sweet black/white blunt/sharp bold/timid bright/dim broad/narrow busy/idle calm/agitated capable/incapable careful/careless certain/uncertain cheap/expensive clean/dirty clear/unclear clever/stupid
        clockwise/counterclockwise cold/hot common/rare compatible/incompatible complete/incomplete complex/simple compulsory/voluntary concave/convex conscious/unconscious consistent/inconsistent correct/incorrect dangerous/safe dark/light
        deep/shallow dependent/independent different/same difficult/easy direct/indirect discreet/indiscreet domestic/foreign dry/wet early/late edible/inedible effective/ineffective eligible/ineligible empty/full even/odd explicit/implicit
        external/internal fair/unfair false/true fast/slow fat/thin fatal/harmless fertile/infertile final/initial fixed/variable flammable/inflammable flexible/rigid formal/informal free/paid fresh/stale frequent/infrequent generous/stingy
        gradual/sudden gross/net guilty/innocent happy/unhappy hard/soft healthy/unhealthy heavy/light helpful/unhelpful high/low honest/dishonest horizontal/vertical hostile/friendly huge/tiny illegal/legal immature/mature important/unimportant
        inclusive/exclusive indoor/outdoor inferior/superior inner/outer insured/uninsured junior/senior known/unknown large/small left/right legible/illegible likely/unlikely limited/unlimited literate/illiterate local/remote logical/illogical
        long/short loose/tight loud/quiet lucky/unlucky major/minor married/single maximum/minimum measurable/immeasurable mobile/immobile moral/immoral mortal/immortal natural/artificial near/far negative/positive new/old normal/abnormal
        official/unofficial offline/online opaque/transparent optional/mandatory ordinary/extraordinary overpaid/underpaid overweight/underweight own/rented parallel/serial partial/full past/future patient/impatient perfect/imperfect permanent/temporary
        personal/impersonal physical/virtual pleasant/unpleasant polite/rude poor/rich popular/unpopular possible/impossible prenatal/postnatal private/public probable/improbable proper/improper pure/impure qualified/unqualified rational/irrational
        raw/cooked readable/unreadable real/fake regular/irregular relevant/irrelevant reliable/unreliable renewable/nonrenewable resident/nonresident reversible/irreversible rough/smooth safe/unsafe satisfied/dissatisfied secure/insecure
        sensitive/insensitive sick/healthy signed/unsigned similar/dissimilar singular/plural solid/liquid stable/unstable steep/gentle strict/lenient strong/weak successful/unsuccessful sufficient/insufficient sure/unsure tall/short taxable/tax-free
        temporary/permanent thick/thin toxic/non-toxic typical/atypical upper/lower urban/rural usual/unusual valid/invalid verbal/nonverbal visible/invisible voluntary/involuntary vulnerable/invulnerable warm/cool weekly/monthly wide/narrow
        wild/tame willing/unwilling wise/foolish worthy/unworthy young/old useful/useless painful/painless hopeful/hopeless harmful/harmless thoughtful/thoughtless
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    private static readonly string[] SmallWords =
    [
        .. """
        with/without in/out before/after above/below over/under inside/outside on/off to/from into/from for/against near/from during/after until/after up/down left/right on/under behind/beside since/until within/beyond by/for at/near and/or
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    private static readonly string[] Names = ["Berlin", "Madrid", "Lagos", "Osaka", "Anna", "Bob", "Visa", "Amex", "Java", "Ruby", "Ohio", "Peru"];

    public static IReadOnlyList<QuestionPair> All()
    {
        List<QuestionPair> pairs = [];
        string[] verbFrames = ["How do I {0} the item?", "Can I {0} my account?", "Why did they {0} it?", "I want to {0} a device"];
        string[] adjectiveFrames = ["Is the product {0}?", "Which options are {0}?", "Why is it {0} today?", "What does a {0} value mean?"];
        Frames(pairs, "opposite verb", OppositeVerbs, verbFrames);
        Frames(pairs, "opposite adjective", OppositeAdjectives, adjectiveFrames);
        Frames(pairs, "small word", SmallWords, ["Is the key {0} the box?", "Can I pay {0} the visit?"]);
        for (var i = 0; i < Names.Length; i++)
        {
            var (one, other) = (Names[i], Names[(i + 1) % Names.Length]);
            foreach (var frame in new[] { "Does {0} pay {1}?", "Is {0} better than {1}?", "How do I get from {0} to {1}?", "Can I exchange {0} for {1}?", "Did {0} beat {1} yesterday?", "Who introduced {0} to {1}?" })
            {
                pairs.Add(new QuestionPair("swapped", string.Format(null, frame, one, other), string.Format(null, frame, other, one)));
                pairs.Add(new QuestionPair("swapped lower", string.Format(null, frame, one, other).ToLowerInvariant(), string.Format(null, frame, other, one).ToLowerInvariant()));
            }

            foreach (var frame in new[] { "What is the weather in {0}?", "tell me about {0}", "Is {0} available?", "How much does {0} cost?" }) pairs.Add(new QuestionPair("name", string.Format(null, frame, one), string.Format(null, frame, other)));
        }

        foreach (var frame in new[] { "Can I send {0} dollars?", "Is {0} kg too heavy?", "What happened in {0}?", "Show order {0}", "My refund is {0} days late", "Is ${0} the limit?", "Do I need {0}% down?", "Is version {0} supported?" })
        {
            foreach (var (one, other) in new[] { ("1", "2"), ("10", "100"), ("15", "50"), ("1,000", "10,000"), ("1.5", "15"), ("2019", "2020"), ("seven", "eleven"), ("thirteen", "thirty"), ("100", "1000") }) pairs.Add(new QuestionPair("number", string.Format(null, frame, one), string.Format(null, frame, other)));
        }

        return pairs;
    }

    private static void Frames(List<QuestionPair> pairs, string kind, string[] opposites, string[] frames)
    {
        foreach (var opposite in opposites)
        {
            var both = opposite.Split('/');
            foreach (var frame in frames)
            {
                var pair = new QuestionPair(kind, string.Format(null, frame, both[0]), string.Format(null, frame, both[1]));
                pairs.Add(pair);
                pairs.Add(pair.Lower);
            }
        }
    }
}
