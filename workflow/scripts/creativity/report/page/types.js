// The shapes of the data that the page carries and of what its parts hand to each other; only a checker of types reads them.

/** Many small pictures in one, row by row. @typedef {{ uri: string | null, columns: number, side: number }} Sheet */
/** One of the classes of samples. @typedef {{ name: string, shade: number, shape: string }} SampleClass */
/** The nearest training images of a sample: places on the sheet, distances, mirrored or not. @typedef {number[][]} Near */
/** Where a sample's tiles come from: places on the sheet, distances, mirrored or not. @typedef {number[][]} TileSources */
/** A measure of a run: its value, the ends of its interval, the number of samples. @typedef {(number | null)[]} Measure */
/** A file that a run lacks. @typedef {{ file: string, rule: string, log: string | null, said: string | null }} MissingFile */

/**
 * A training image that is copied: its place on the sheet, by how many samples, the place of the surest of them, how isolated it
 * is, how often it stands in the training set, its label.
 * @typedef {[number, number, number | null, number | null, number, string | null]} Copied
 */

/**
 * One denoiser, control or other model on one subset with one training seed, and those of its samples that the page carries; where
 * these are listed, a sample's number is its place among them.
 * @typedef {object} Run
 * @property {string} key
 * @property {string} subset
 * @property {number} n
 * @property {string} denoiser
 * @property {string} family
 * @property {string} kind  trained, closed form, control or external
 * @property {number} seed
 * @property {Record<string, unknown>} config
 * @property {number | null} parameters
 * @property {number | null} receptive_field
 * @property {string} status
 * @property {number | null} seconds  of its training
 * @property {number | null} steps
 * @property {string | null} commit
 * @property {MissingFile[]} missing
 * @property {Record<string, Measure>} measures  by "name:space"
 * @property {Record<string, [number[], (number | null)[]]>} losses  by split: noise levels, losses
 * @property {string[]} files  of samples that another model drew
 * @property {number} total  all samples that it drew
 * @property {Record<string, number>} counts  of all of them, by class and by kind of collage
 * @property {[number, number][]} density  where they are on the map, by square; empty where the page carries all
 * @property {Sheet} sheet
 * @property {Copied[]} copied  the most copied training images
 * @property {number} copied_images  how many are copied at all
 * @property {number} copies  by so many samples
 * @property {number} samples  how many the page carries
 * @property {number[]} noises  of these, in rising order
 * @property {Record<string, number[]>} kinds  which of them say most, by kind, the most telling first
 * @property {Record<string, (number | null)[]>} values  of each sample, by measure
 * @property {(string | null)[]} class  of each sample
 * @property {(string | null)[]} collage  of each sample: part copy or mosaic where its class is collage
 * @property {Record<number, Near | undefined>} near
 * @property {Record<number, TileSources | undefined>} tiles
 */

/**
 * A set of training images, of which the page carries those that some sample points to.
 * @typedef {object} Subset
 * @property {string} name
 * @property {number} n
 * @property {string[]} ids
 * @property {Sheet} train
 * @property {number | null} novelty  what is 1 on the map's horizontal axis
 * @property {number | null} realism  what is 1 on its vertical one
 * @property {[number, number] | null} band  where real images lie on the vertical axis
 */

/** A run on an axis: index, place, line and name. @typedef {[number, number, string | null, string]} AxisPoint */
/** One number in which runs differ. @typedef {{ name: string, points: AxisPoint[], log: boolean }} Axis */
/** A table of the campaign; note: what is left out. @typedef {{ columns: string[], rows: Value[][], note?: string }} Table */
/** What stands in a table. @typedef {string | number | boolean | null} Value */
/** A row of such a table, by column. @typedef {Record<string, any>} Row */

/**
 * All that the page shows.
 * @typedef {object} Payload
 * @property {string} campaign
 * @property {string | null} study  which the campaign is part of
 * @property {{ name: string, size: number, color: boolean, shuffle: number | null, repeats: boolean }} dataset
 * @property {{ steps: number, sampler: string, seed: number }} sampling
 * @property {number[]} counts  samples of a run: least and greatest number
 * @property {boolean} whole  whether the page carries all samples, or those that say most
 * @property {{ name: string, words: string }[]} kinds  of samples that are shown for what they say
 * @property {[number, number]} squares  along a side of the map of all samples, and of these up to 1
 * @property {boolean} lossless
 * @property {number} k
 * @property {string[]} unreal  controls that are not real
 * @property {number} weak  share of one of these that is judged real, from which on the judge's word says little
 * @property {number[]} tile_edges  where tiles begin and end along a side, in pixels
 * @property {boolean} mirrored
 * @property {number} heldout
 * @property {number} reference
 * @property {Subset[]} subsets
 * @property {{ name: string, colour: string }[]} families
 * @property {SampleClass[]} classes
 * @property {Run[]} runs
 * @property {Axis[]} axes
 * @property {string[]} measures
 * @property {Record<string, string>} words
 * @property {Record<string, string>} law_words
 * @property {Record<string, Table | undefined>} tables
 */

/** A sample: its run, by index, and its place among the run's samples. @typedef {[number, number]} Cell */
/**
 * What stands in a column of the grid: a noise, or else a rank among the samples of a kind.
 * @typedef {{ noise: number | null, kind: string, rank: number }} Column
 */
/** A range. @typedef {[number, number]} Range */

/**
 * What is chosen at the moment.
 * @typedef {object} State
 * @property {string} subset  or ALL
 * @property {string | number} seed  or ALL
 * @property {string} axis  or ALL
 * @property {Set<string>} families
 * @property {Set<string>} classes
 * @property {"noise" | "kind"} by  what the columns of the grid are
 * @property {Set<string>} deep  kinds of which all are shown that the page carries
 * @property {boolean} below  the nearest training image under each sample
 * @property {Set<number>} rows  runs selected in the grid, by index
 * @property {Set<number>} columns  noises selected in the grid
 * @property {{ x: Range, y: Range } | null} brush  a rectangle on the map
 * @property {Cell | null} hover  the sample under the pointer
 * @property {Cell | null} pin  the sample that is kept
 * @property {Cell | null} focus  the sample that the keyboard is at
 */

/** What changed. @typedef {Partial<State & Record<"pictures" | "size" | "scheme", true>>} Change */
/** An attribute, or who listens. @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Attribute */
/** What may stand in an element. @typedef {Node | string | null | undefined} Child */

/** A sample on the map. @typedef {{ index: number, i: number, x: number, y: number, lit: boolean, kind: string | null }} Point */
/** The borders of what is drawn in. @typedef {{ left: number, right: number, top: number, bottom: number }} Box */

/**
 * What stands along a side of a chart.
 * @typedef {object} Scale
 * @property {Range} domain
 * @property {boolean} [log]
 * @property {string} [label]
 * @property {number[]} [ticks]
 */

/**
 * A chart, and where in it numbers have their places.
 * @typedef {object} Chart
 * @property {SVGSVGElement} svg
 * @property {(at: number) => number} x
 * @property {(at: number) => number} y
 * @property {Box} box
 */

/**
 * A run in a chart of an axis.
 * @typedef {object} Mark
 * @property {Run} run
 * @property {number} index
 * @property {number} x
 * @property {string | null} key  of the line that it is on
 * @property {string} name
 * @property {number} at
 * @property {number | null} low  the ends of its interval
 * @property {number | null} high
 */
