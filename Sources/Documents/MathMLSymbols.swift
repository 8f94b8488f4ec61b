/// What TeX's names for signs stand for.
enum MathMLSymbols {
  static let identifiers = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "varkappa": "ϰ", "lambda": "λ",
    "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ",
    "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "ell": "ℓ", "hbar": "ℏ", "imath": "ı", "jmath": "ȷ", "wp": "℘",
  ]

  static let uprightIdentifiers = [
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "infty": "∞", "partial": "∂", "nabla": "∇",
    "emptyset": "∅", "varnothing": "∅", "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "top": "⊤", "bot": "⊥",
    "angle": "∠", "degree": "°", "%": "%", "$": "$", "#": "#", "&": "&amp;", "_": "_", "checkmark": "✓",
  ]

  static let operators = [
    "pm": "±", "mp": "∓", "times": "×", "div": "÷", "cdot": "⋅", "ast": "∗", "star": "⋆", "circ": "∘",
    "bullet": "∙", "oplus": "⊕", "ominus": "⊖", "otimes": "⊗", "oslash": "⊘", "odot": "⊙", "cup": "∪",
    "cap": "∩", "sqcup": "⊔", "sqcap": "⊓", "vee": "∨", "lor": "∨", "wedge": "∧", "land": "∧",
    "setminus": "∖", "neg": "¬", "lnot": "¬", "forall": "∀", "exists": "∃", "nexists": "∄",
    "le": "≤", "leq": "≤", "leqslant": "⩽", "ge": "≥", "geq": "≥", "geqslant": "⩾", "ll": "≪", "gg": "≫",
    "lt": "<", "gt": ">", "ne": "≠", "neq": "≠", "equiv": "≡", "approx": "≈", "sim": "∼", "simeq": "≃",
    "cong": "≅", "propto": "∝", "doteq": "≐", "prec": "≺", "succ": "≻", "preceq": "⪯", "succeq": "⪰",
    "lesssim": "≲", "gtrsim": "≳", "asymp": "≍", "coloneqq": "≔", "triangleq": "≜",
    "in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂", "supset": "⊃", "subseteq": "⊆", "supseteq": "⊇",
    "mid": "∣", "nmid": "∤", "parallel": "∥", "perp": "⟂", "vdash": "⊢", "models": "⊨",
    "to": "→", "rightarrow": "→", "gets": "←", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒",
    "Leftarrow": "⇐", "Leftrightarrow": "⇔", "implies": "⟹", "impliedby": "⟸", "iff": "⟺", "mapsto": "↦",
    "longrightarrow": "⟶", "longleftarrow": "⟵", "longmapsto": "⟼", "uparrow": "↑", "downarrow": "↓",
    "Uparrow": "⇑", "Downarrow": "⇓", "updownarrow": "↕", "hookrightarrow": "↪", "nearrow": "↗",
    "searrow": "↘", "rightharpoonup": "⇀", "ldots": "…", "dots": "…", "dotsc": "…", "cdots": "⋯",
    "dotsb": "⋯", "vdots": "⋮", "ddots": "⋱", "colon": ":", "therefore": "∴", "because": "∵", "prime": "′",
    "dagger": "†", "bmod": "mod", "{": "{", "}": "}", "lbrace": "{", "rbrace": "}", "|": "‖", "Vert": "‖",
    "vert": "|", "lvert": "|", "rvert": "|", "lVert": "‖", "rVert": "‖", "langle": "⟨", "rangle": "⟩",
    "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "backslash": "\\",
  ]

  static let largeOperators = [
    "sum": "∑", "prod": "∏", "coprod": "∐", "bigcup": "⋃", "bigcap": "⋂", "bigvee": "⋁", "bigwedge": "⋀",
    "bigoplus": "⨁", "bigotimes": "⨂", "bigodot": "⨀", "biguplus": "⨄", "bigsqcup": "⨆",
  ]

  static let integrals = ["int": "∫", "iint": "∬", "iiint": "∭", "oint": "∮"]

  static let functions: Set<String> = [
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "coth",
    "exp",
    "log", "ln", "lg", "dim", "ker", "deg", "arg", "hom",
  ]

  static let limitFunctions = [
    "lim": "lim", "max": "max", "min": "min", "sup": "sup", "inf": "inf", "det": "det", "gcd": "gcd",
    "Pr": "Pr",
    "limsup": "lim sup", "liminf": "lim inf", "argmax": "arg max", "argmin": "arg min",
  ]

  static let delimiters = [
    "{": "{", "}": "}", "lbrace": "{", "rbrace": "}", "|": "‖", "Vert": "‖", "vert": "|", "lvert": "|",
    "rvert": "|", "lVert": "‖", "rVert": "‖", "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋",
    "lceil": "⌈", "rceil": "⌉", "lbrack": "[", "rbrack": "]", "backslash": "\\", "uparrow": "↑",
    "downarrow": "↓",
  ]

  /// Widths in em.
  static let spaces = [
    ",": 0.167, ":": 0.222, ">": 0.222, ";": 0.278, "!": -0.167, " ": 0.333, "quad": 1, "qquad": 2,
    "thinspace": 0.167, "enspace": 0.5, "\n": 0.333,
  ]

  /// Heights in em.
  static let sizes = [
    "big": 1.2, "bigl": 1.2, "bigr": 1.2, "bigm": 1.2, "Big": 1.8, "Bigl": 1.8, "Bigr": 1.8, "Bigm": 1.8,
    "bigg": 2.4, "biggl": 2.4, "biggr": 2.4, "Bigg": 3.0, "Biggl": 3.0, "Biggr": 3.0,
  ]

  /// A mark above or below, with the attributes that say whether it grows with what it marks.
  struct Accent {
    let mark: String
    let attributes: String

    init(_ mark: String, stretches: Bool = false) {
      self.mark = mark
      attributes = " stretchy=\"\(stretches)\""
    }
  }

  static let accents = [
    "hat": Accent("^"), "widehat": Accent("^", stretches: true), "bar": Accent("‾"),
    "overline": Accent("‾", stretches: true), "tilde": Accent("~"), "widetilde": Accent("~", stretches: true),
    "vec": Accent("→"), "overrightarrow": Accent("→", stretches: true), "dot": Accent("˙"),
    "ddot": Accent("¨"), "check": Accent("ˇ"), "breve": Accent("˘"), "acute": Accent("´"),
    "grave": Accent("`"), "mathring": Accent("˚"), "overbrace": Accent("⏞", stretches: true),
  ]

  static let underAccents = [
    "underline": Accent("_", stretches: true), "underbrace": Accent("⏟", stretches: true),
  ]

  static func space(_ width: Double) -> String { "<mspace width=\"\(width)em\"></mspace>" }
}

/// TeX's commands for letters in another alphabet, which Unicode has as characters of their own.
enum MathMLAlphabet: String {
  case mathrm, mathbf, boldsymbol, mathbb, mathcal, mathscr, mathfrak, mathsf, mathtt, mathit

  /// Where in Unicode the capitals, the small letters and the digits start.
  private var starts: (capital: UInt32, small: UInt32?, digit: UInt32?)? {
    switch self {
    case .mathrm: nil
    case .mathbf: (0x1D400, 0x1D41A, 0x1D7CE)
    case .boldsymbol: (0x1D468, 0x1D482, 0x1D7CE)
    case .mathbb: (0x1D538, 0x1D552, 0x1D7D8)
    case .mathcal, .mathscr: (0x1D49C, 0x1D4B6, nil)
    case .mathfrak: (0x1D504, 0x1D51E, nil)
    case .mathsf: (0x1D5A0, 0x1D5BA, 0x1D7E2)
    case .mathtt: (0x1D670, 0x1D68A, 0x1D7F6)
    case .mathit: (0x1D434, 0x1D44E, nil)
    }
  }

  /// Letters that Unicode had before the alphabets, and has elsewhere.
  private var exceptions: [Unicode.Scalar: Unicode.Scalar] {
    switch self {
    case .mathbb: ["C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"]
    case .mathcal, .mathscr:
      [
        "B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ", "e": "ℯ", "g": "ℊ",
        "o": "ℴ",
      ]
    case .mathfrak: ["C": "ℭ", "H": "ℌ", "I": "ℑ", "R": "ℜ", "Z": "ℨ"]
    case .mathit: ["h": "ℎ"]
    case .mathrm, .mathbf, .boldsymbol, .mathsf, .mathtt: [:]
    }
  }

  /// A letter or digit of ASCII in the alphabet; nothing when the alphabet has none.
  func letter(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    if let other = exceptions[scalar] { return other }
    guard let starts else { return nil }
    switch scalar {
    case "A"..."Z": return Unicode.Scalar(starts.capital + scalar.value - 0x41)
    case "a"..."z": return starts.small.flatMap { Unicode.Scalar($0 + scalar.value - 0x61) }
    case "0"..."9": return starts.digit.flatMap { Unicode.Scalar($0 + scalar.value - 0x30) }
    default: return nil
    }
  }
}
